using System.Text.Encodings.Web;
using System.Text.Unicode;
using Booking.Data.Site;
using Booking.Web.Api;
using Booking.Web.Attendance;
using Booking.Web.Audit;
using Booking.Web.Catalogue;
using Booking.Web.Desk;
using Booking.Web.Localisation;
using Booking.Web.Security;
using Booking.Web.Site;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.WebEncoders;

namespace Booking.Web;

/// <summary>Everything the screens need from the container.</summary>
public static class WebServices
{
    /// <summary>Name of the output cache's policy for the open pages.</summary>
    public const string CataloguePolicy = "Catalogue";

    /// <summary>Registers pages, languages, sign-in, cookies' keys and the catalogue.</summary>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The process's configuration.</param>
    /// <param name="environment">Development opens the demonstration's sign-in.</param>
    public static IServiceCollection AddBookingWeb(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSingleton<SiteColor>();
        services.AddSingleton<AuditWords>();
        services.AddSingleton<DeskUseCases>();
        services.AddSingleton<AttendanceSheets>();

        services.AddLocalization(options => options.ResourcesPath = "Resources");
        services.Configure<RequestLocalizationOptions>(Languages.Configure);
        services.Configure<WebEncoderOptions>(o => o.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.Configure<RouteOptions>(o => o.LowercaseUrls = true);
        services.AddRazorPages().AddDataAnnotationsLocalization(
            o => o.DataAnnotationLocalizerProvider = (_, factory) => factory.Create(typeof(Strings)));
        services.AddHttpContextAccessor();
        services.AddResponseCompression(o =>
        {
            o.EnableForHttps = true;
            o.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml"];
        });

        AddSignIn(services, environment);
        AddCatalogue(services, configuration);
        return services;
    }

    private static void AddCatalogue(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CatalogueOptions>().Bind(configuration.GetSection("Catalogue"))
            .Validate(o => o.CacheSeconds is >= 0 and <= 1, "Catalogue:CacheSeconds is from 0 to 1: numbers may be two seconds old.")
            .ValidateOnStart();
        services.AddOptions<ClimateOptions>().Bind(configuration.GetSection("Climate"))
            .Validate(o => o.KilogramsPerKilometre is >= 0 and <= 10, "Climate:KilogramsPerKilometre is from 0 to 10.")
            .ValidateOnStart();
        services.AddSingleton<CatalogueReader>();
        services.AddProblemDetails();
        services.AddOpenApi("v1", CatalogueApi.Describe);
        services.AddOutputCache();
        services.AddOptions<OutputCacheOptions>().Configure<IOptions<CatalogueOptions>>((output, catalogue) =>
            output.AddPolicy(CataloguePolicy, policy =>
            {
                if (catalogue.Value.CacheSeconds <= 0)
                {
                    policy.NoCache();
                    return;
                }

                // The signed-in are never served from here, and an answer that sets a cookie is never kept.
                policy.Expire(TimeSpan.FromSeconds(catalogue.Value.CacheSeconds))
                    .SetVaryByHeader("HX-Request")
                    .VaryByValue(_ => new KeyValuePair<string, string>("language", Languages.Current));
            }));
    }

    private static void AddSignIn(IServiceCollection services, IHostEnvironment environment)
    {
        services.AddSingleton<CookieKeyStore>();
        services.AddDataProtection().SetApplicationName("Booking");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(o => o.XmlRepository = provider.GetRequiredService<CookieKeyStore>()));
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "booking.form";
            o.Cookie.SecurePolicy = environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            o.SuppressXFrameOptionsHeader = true;
        });
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(o => CookieSignIn.Configure(o, environment.IsDevelopment()));
        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var (policy, role) in Policies.RoleOf)
        {
            authorization.AddPolicy(policy, p => p.RequireAuthenticatedUser().RequireRole(role));
        }
    }
}
