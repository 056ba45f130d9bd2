using Booking.Web.Security;

namespace Booking.Web.Site;

/// <summary>One link of the header.</summary>
/// <param name="Page">Razor page it leads to; a page that does not exist is left out.</param>
/// <param name="TextKey">Its text in the resource files.</param>
/// <param name="Role">Who sees it; null for everybody.</param>
public sealed record NavigationLink(string Page, string TextKey, string? Role = null);

/// <summary>One step of the path from the front page; the page itself comes last and has no address.</summary>
/// <param name="Text">What stands there.</param>
/// <param name="Url">Where it leads.</param>
public sealed record Crumb(string Text, string? Url = null);

/// <summary>The header's links, in their order, for each role.</summary>
public static class Navigation
{
    /// <summary>All links.</summary>
    public static IReadOnlyList<NavigationLink> Links { get; } =
    [
        new("/Courses/Index", "Navigation.Courses"),
        new("/Desk/Index", "Navigation.Desk", Roles.Secretary),
        new("/Bookings/Department", "Navigation.Bookings", Roles.Secretary),
        new("/WaitingLists/Index", "Navigation.WaitingLists", Roles.Secretary),
        new("/Swaps/Index", "Navigation.Swaps", Roles.Secretary),
        new("/Bookings/Index", "Navigation.MyBookings", Roles.Participant),
        new("/Attendance/Index", "Navigation.Taught", Roles.Instructor),
        new("/FillRates/Index", "Navigation.FillRates", Roles.Hr),
        new("/Hr/FollowUps", "Navigation.FollowUps", Roles.Hr),
        new("/Outbox/Index", "Navigation.Outbox", Roles.Administrator),
        new("/Schedules/Index", "Navigation.Schedules", Roles.Administrator),
        new("/Audit/Index", "Navigation.Audit", Roles.Administrator),
    ];

    /// <summary>The links that one reader sees.</summary>
    /// <param name="person">The reader, or null for a stranger.</param>
    public static IEnumerable<NavigationLink> For(SignedInPerson? person) =>
        Links.Where(link => link.Role is null || person?.Has(link.Role) == true);
}
