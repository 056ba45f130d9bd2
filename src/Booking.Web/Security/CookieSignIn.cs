using System.Globalization;
using System.Security.Claims;
using Booking.Data.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;

namespace Booking.Web.Security;

/// <summary>The session cookie: how it is set up, and how it follows changed roles while somebody is signed in.</summary>
internal static class CookieSignIn
{
    private const string CheckedAt = "roles_checked_at";

    // A secretary who loses the role keeps it for at most this long.
    private static readonly TimeSpan RolesLast = TimeSpan.FromMinutes(5);

    public static void Configure(CookieAuthenticationOptions options, bool isDevelopment)
    {
        options.Cookie.Name = "booking.session";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = isDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        options.ExpireTimeSpan = TimeSpan.FromHours(8);
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnRedirectToLogin = RedirectToLogin;
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
        options.Events.OnSigningIn = context =>
        {
            Stamp(context.Properties, context.HttpContext);
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = RenewRolesAsync;
    }

    private static Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else if (context.Request.Headers.ContainsKey("HX-Request"))
        {
            // A partial swap would put the sign-in page inside the page: htmx is told to go there instead.
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers["HX-Redirect"] = "/sign-in";
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }

        return Task.CompletedTask;
    }

    private static async Task RenewRolesAsync(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            // The error page asks the database for nothing: it may be the database that failed.
            return;
        }

        var now = Now(context.HttpContext);
        if (context.Properties.Items.TryGetValue(CheckedAt, out var text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var at)
            && now - at < RolesLast && at <= now)
        {
            return;
        }

        var email = context.Principal?.FindFirstValue(ClaimTypes.Email) ?? "";
        var profile = await context.HttpContext.RequestServices.GetRequiredService<SignInRepository>()
            .GetAsync(email, context.HttpContext.RequestAborted);
        if (!profile.IsKnown)
        {
            context.RejectPrincipal();
            return;
        }

        context.ReplacePrincipal(SignedInPerson.ToPrincipal(profile));
        Stamp(context.Properties, context.HttpContext);
        context.ShouldRenew = true;
    }

    private static void Stamp(AuthenticationProperties properties, HttpContext context) =>
        properties.Items[CheckedAt] = Now(context).ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Now(HttpContext context) =>
        context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
}
