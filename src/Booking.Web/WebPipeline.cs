using Booking.Web.Api;
using Booking.Web.Feeds;
using Booking.Web.Localisation;
using Booking.Web.Security;
using Booking.Web.Site;

namespace Booking.Web;

/// <summary>The order in which a request passes.</summary>
public static class WebPipeline
{
    private static readonly TimeSpan StaticFilesLast = TimeSpan.FromDays(1);

    /// <summary>Adds every middleware and route of the screens.</summary>
    /// <param name="app">The built application.</param>
    public static WebApplication UseBookingWeb(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseSecurityHeaders();
        app.UseResponseCompression();
        app.UseErrorAnswers();
        app.UseRefuseNul();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
                file.Context.Request.Query.ContainsKey("v")
                    ? "public, max-age=31536000, immutable"
                    : $"public, max-age={(int)StaticFilesLast.TotalSeconds}",
        });
        app.UseLanguageChoice();
        app.UseRequestLocalization();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseOutputCache();

        app.Services.GetRequiredService<SiteColor>().Map(app);
        app.MapRazorPages();
        app.MapCatalogueApi();
        app.MapFeeds();
        // Without an endpoint of its own, an unknown address would ask a stranger to sign in instead of saying 404.
        app.MapFallback("{**path}", context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }).AllowAnonymous();
        return app;
    }

    // People get pages in the design; programs that call the API get problem documents.
    private static void UseErrorAnswers(this WebApplication app)
    {
        app.UseWhen(IsApi, api =>
        {
            api.UseExceptionHandler();
            api.UseStatusCodePages();
        });
        app.UseWhen(context => !IsApi(context), pages =>
        {
            pages.UseExceptionHandler("/error/500");
            pages.UseStatusCodePagesWithReExecute("/error/{0}");
        });
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
}
