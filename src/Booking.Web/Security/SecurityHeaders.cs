namespace Booking.Web.Security;

/// <summary>What a response may load and who may frame it; a page without the attribute is <see cref="Page"/>.</summary>
public enum ContentPolicy
{
    /// <summary>Everything from this site only, no frames, no inline script or style.</summary>
    Page,

    /// <summary>As a page, and may show other pages of this site in frames (the development mail page).</summary>
    Framing,

    /// <summary>A mail shown inside a frame: no script at all, the mail's own inline style, framed by this site only.</summary>
    FramedMail,
}

/// <summary>Gives a page or endpoint another content policy than the strict one.</summary>
/// <param name="policy">The policy.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ContentPolicyAttribute(ContentPolicy policy) : Attribute
{
    /// <summary>The policy.</summary>
    public ContentPolicy Policy { get; } = policy;
}

internal static class SecurityHeaders
{
    private const string Page =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private const string FramedMail =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
        + "frame-ancestors 'self'; base-uri 'none'; sandbox allow-popups allow-top-navigation-by-user-activation";

    /// <summary>Sets the headers on every answer, errors and static files included.</summary>
    /// <param name="app">The pipeline.</param>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var policy = context.GetEndpoint()?.Metadata.GetMetadata<ContentPolicyAttribute>()?.Policy ?? ContentPolicy.Page;
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy switch
            {
                ContentPolicy.Page => Page,
                ContentPolicy.Framing => Page + "; frame-src 'self'",
                ContentPolicy.FramedMail => FramedMail,
            };
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = policy == ContentPolicy.FramedMail ? "SAMEORIGIN" : "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            if (context.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }

            // What a signed-in person saw must not come back with the browser's back button after signing out.
            if (string.IsNullOrEmpty(headers.CacheControl))
            {
                headers.CacheControl = context.User.Identity?.IsAuthenticated == true ? "no-store" : "no-cache";
            }

            return Task.CompletedTask;
        });
        return next(context);
    });
}
