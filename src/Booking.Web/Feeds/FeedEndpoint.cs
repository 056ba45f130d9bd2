using System.Security.Cryptography;
using Booking.Data.Bookings;
using Booking.Data.Feeds;
using Booking.Jobs.Feeds;
using Booking.Web.Catalogue;
using Booking.Web.Localisation;
using Microsoft.Net.Http.Headers;

namespace Booking.Web.Feeds;

/// <summary>
/// Calendars that other programs fetch: of a department or of a person by a secret link, <c>/calendar/{token}.ics</c>, and of a run by
/// anybody, <c>/runs/{code}/calendar.ics</c>.
/// </summary>
internal static class FeedEndpoint
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the routes.</summary>
    public static void MapFeeds(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/calendar/{token}.ics", Reading, GetAsync).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapMethods("/runs/{code}/calendar.ics", Reading, GetRunAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> GetAsync(
        string token, HttpContext context, [AsParameters] Feeds feeds, TimeProvider clock, CancellationToken cancellationToken) =>
        await feeds.Links.FindByTokenAsync(LinkToken.Hash(token), clock.GetUtcNow(), cancellationToken) switch
        {
            { DepartmentId: { } department, CreatedAt: var linkedAt } =>
                Answer(context, await feeds.Department.WriteAsync(department, linkedAt, Languages.Current, cancellationToken)),
            { PersonId: { } person, CreatedAt: var linkedAt } =>
                Answer(context, await feeds.Person.WriteAsync(person, linkedAt, Languages.Current, cancellationToken)),
            _ => Results.NotFound(),
        };

    private static async Task<IResult> GetRunAsync(string code, HttpContext context, RunCalendar calendar, CancellationToken cancellationToken)
    {
        var clean = CatalogueQuery.CleanCode(code);
        return await calendar.FindAsync(clean, Languages.Current, cancellationToken) is { } written
            ? Answer(context, written, $"{clean}.ics")
            : Results.NotFound();
    }

    private static IResult Answer(HttpContext context, WrittenFeed written, string? fileName = null)
    {
        // Kept by nobody without asking: a link that was closed must stop at once, and a run that was moved must not stay where it was.
        context.Response.Headers.CacheControl = "private, no-cache";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(written.Bytes))[..32]}\"");
        return Results.Bytes(written.Bytes, "text/calendar; charset=utf-8", fileName, lastModified: written.ChangedAt, entityTag: tag);
    }

    /// <summary>Whose feed a link may open, and what writes it.</summary>
    internal sealed record Feeds(FeedLinkRepository Links, DepartmentFeed Department, PersonFeed Person);
}
