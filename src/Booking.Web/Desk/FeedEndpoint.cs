using System.Security.Cryptography;
using Booking.Data.Bookings;
using Booking.Data.Desk;
using Booking.Data.Feeds;
using Booking.Jobs.Desk;
using Booking.Jobs.Feeds;
using Booking.Web.Localisation;
using Microsoft.Net.Http.Headers;

namespace Booking.Web.Desk;

/// <summary>Calendars that other programs fetch, of a department or of a person: <c>/calendar/{token}.ics</c>.</summary>
internal static class FeedEndpoint
{
    /// <summary>Adds the route.</summary>
    public static void MapFeeds(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/calendar/{token}.ics", [HttpMethods.Get, HttpMethods.Head], GetAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> GetAsync(
        string token, HttpContext context, [AsParameters] Feeds feeds, TimeProvider clock, CancellationToken cancellationToken)
    {
        var hash = LinkToken.Hash(token);
        var now = clock.GetUtcNow();
        if (await feeds.DepartmentLinks.FindByTokenAsync(hash, now, cancellationToken) is { } department)
        {
            return Answer(context, await feeds.Department.WriteAsync(department, Languages.Current, cancellationToken));
        }

        return await feeds.People.FindByTokenAsync(hash, now, cancellationToken) is { } person
            ? Answer(context, await feeds.Person.WriteAsync(person, Languages.Current, cancellationToken))
            : Results.NotFound();
    }

    private static IResult Answer(HttpContext context, WrittenFeed written)
    {
        // Kept by nobody without asking: a link that was closed must stop at once.
        context.Response.Headers.CacheControl = "private, no-cache";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(written.Bytes))[..32]}\"");
        return Results.Bytes(written.Bytes, "text/calendar; charset=utf-8", lastModified: written.ChangedAt, entityTag: tag);
    }

    /// <summary>Whose feed a link may open, and what writes it.</summary>
    internal sealed record Feeds(
        FeedLinkRepository DepartmentLinks, DepartmentFeed Department, PersonFeedRepository People, PersonFeed Person);
}
