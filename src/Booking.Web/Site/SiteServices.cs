using Booking.Data.Plans;
using Booking.Data.Site;
using Booking.Web.Verbs;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Booking.Web.Site;

/// <summary>Registers the settings that every role reads, checked before the process serves anything.</summary>
internal static class SiteServices
{
    /// <summary>Adds <see cref="SiteOptions"/>, <see cref="WorkingHoursOptions"/> and <see cref="PlanOptions"/>.</summary>
    public static IServiceCollection AddBookingSite(
        this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddOptions<SiteOptions>()
            .Bind(configuration.GetSection("Site"))
            .PostConfigure(site => site.DataFolder = VerbDatabase.DataFolder(configuration))
            // Only the operator knows what people type to reach a site in production.
            .Validate(
                site => site.BaseUrl.Length > 0 || !environment.IsProduction(),
                "Site:BaseUrl is empty, and links in mails need it; write the site's address as in 'https://kurser.example.dk'.")
            .ValidateOnStart();
        services.AddOptions<WorkingHoursOptions>().Bind(configuration.GetSection("WorkingHours")).ValidateOnStart();
        services.AddOptions<PlanOptions>()
            .Bind(configuration.GetSection("Plan"))
            .Validate(
                plan => plan.SignUpClosesDaysBefore is >= 0 and <= 365,
                "Plan:SignUpClosesDaysBefore is not a number of days from 0 to 365; sign-up closes that many days before a run.")
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SiteOptions>, SiteOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkingHoursOptions>, WorkingHoursOptionsValidator>());
        return services;
    }
}
