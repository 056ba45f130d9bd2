using System.Security.Claims;
using Booking.Data.Bookings;
using Booking.Web.Security;
using Booking.Web.Site;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Bookings;

/// <summary>The path to pages about one booking.</summary>
internal static class Crumbs
{
    /// <summary>From the department's bookings, or one's own, by the booking to the page.</summary>
    public static Crumb[] OfBooking(IStringLocalizer<Strings> words, ClaimsPrincipal user, BookingView booking, string page) =>
    [
        SignedInPerson.From(user)!.Has(Roles.Secretary)
            ? new Crumb(words["Bookings.DepartmentTitle"], "/bookings/department")
            : new Crumb(words["Bookings.MineTitle"], "/bookings"),
        new Crumb(words["Cancel.Title"], $"/bookings/{booking.Reference}/cancel"),
        new Crumb(page),
    ];
}
