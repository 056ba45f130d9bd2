using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace Booking.Web.Localisation;

/// <summary>The two languages of the screens. Danish unless somebody has chosen English.</summary>
public static class Languages
{
    /// <summary>Name of the cookie that remembers the choice: <c>da</c> or <c>en</c>.</summary>
    public const string CookieName = "booking.language";

    /// <summary>Name of the query value that makes the choice.</summary>
    public const string QueryName = "culture";

    /// <summary>Danish, the default.</summary>
    public static readonly CultureInfo Danish = CultureInfo.GetCultureInfo("da-DK");

    /// <summary>English, with British dates and numbers.</summary>
    public static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>The culture of a language code, or null when it is neither of the two.</summary>
    /// <param name="code">A code such as <c>da</c> or <c>en-GB</c>.</param>
    public static CultureInfo? Find(string? code) => code?.Split('-')[0].ToLowerInvariant() switch
    {
        "da" => Danish,
        "en" => English,
        _ => null,
    };

    /// <summary>The language of the running request: <c>da</c> or <c>en</c>.</summary>
    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? "en" : "da";

    /// <summary>The query that stays on the page in another language, without the question mark.</summary>
    /// <param name="query">The request's own query.</param>
    /// <param name="code">The language wanted.</param>
    public static string LinkQuery(IQueryCollection query, string code)
    {
        ArgumentNullException.ThrowIfNull(query);
        return QueryString.Create(query.Where(q => q.Key != QueryName)).Add(QueryName, code).ToUriComponent()[1..];
    }

    // Accept-Language is not asked: a Danish region's page is Danish, also in a browser installed in English.
    internal static void Configure(RequestLocalizationOptions options)
    {
        options.DefaultRequestCulture = new RequestCulture(Danish);
        options.SupportedCultures = [Danish, English];
        options.SupportedUICultures = [Danish, English];
        options.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(context => Task.FromResult(
                Find(context.Request.Cookies[CookieName]) is { } culture ? new ProviderCultureResult(culture.Name) : null)),
        ];
    }

    /// <summary>Turns <c>?culture=en</c> on any page into the cookie and the same address without it.</summary>
    /// <param name="app">The pipeline.</param>
    internal static void UseLanguageChoice(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (!HttpMethods.IsGet(context.Request.Method) || Find(context.Request.Query[QueryName]) is not { } culture)
        {
            await next(context);
            return;
        }

        context.Response.Cookies.Append(CookieName, culture.TwoLetterISOLanguageName, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });
        var rest = context.Request.Query.Where(q => !q.Key.Equals(QueryName, StringComparison.OrdinalIgnoreCase));
        // The path is the request's own, so the redirect stays on this site; "//host" would not.
        var path = "/" + context.Request.Path.Value!.TrimStart('/', '\\');
        context.Response.Redirect(new PathString(path).ToUriComponent() + QueryString.Create(rest));
    });
}
