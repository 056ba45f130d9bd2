using Booking.Data.Allotments;
using Booking.Data.Bookings;
using Booking.Web.Localisation;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Desk;

/// <summary>What became of a wish of the desk, as one sentence.</summary>
internal static class DeskSentences
{
    public static string Of(IStringLocalizer<Strings> texts, HoldResult result, string timeZone) => result.Outcome switch
    {
        HoldOutcome.Held => texts[result.Seats == 1 ? "Desk.Hold.HeldOne" : "Desk.Hold.Held", result.Seats, Until(result, timeZone)],
        HoldOutcome.HeldFewer => texts[result.Seats == 1 ? "Desk.Hold.OnlyOne" : "Desk.Hold.Fewer", result.Seats, Until(result, timeZone)],
        HoldOutcome.NoSeatLeft => texts["Desk.Hold.NoSeatLeft"],
        HoldOutcome.NamesNeeded => texts["Desk.Hold.NamesNeeded"],
        HoldOutcome.SignUpClosed => texts[$"SignUpState.{result.State}"],
    };

    public static string Of(IStringLocalizer<Strings> texts, HandBackResult result) => result.Outcome switch
    {
        HandBackOutcome.HandedBack or HandBackOutcome.HandedBackFewer =>
            texts[result.Seats == 1 ? "Desk.HandBack.One" : "Desk.HandBack.Many", result.Seats],
        HandBackOutcome.NothingUnused => texts["Desk.HandBack.NothingUnused"],
        HandBackOutcome.AlreadyReleased => texts["Desk.HandBack.AlreadyReleased"],
        HandBackOutcome.RunNotOpen => texts["Desk.HandBack.RunNotOpen"],
    };

    private static string Until(HoldResult result, string timeZone) => DisplayFormat.Current.DateTime(result.HeldUntil, timeZone);
}
