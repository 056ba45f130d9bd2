using Booking.Jobs.Invitations;
using Booking.Jobs.Mail;

namespace Booking.UnitTests.Contracts;

/// <summary>The calendar messages that have a golden file: each row of the rules that breaks in practice.</summary>
public static class GoldenCalendars
{
    private static readonly Guid Uid = Guid.Parse("0b5f2c1e-6d0a-4a52-9d4b-2f1f8c7f3a10");

    public static IReadOnlyDictionary<string, (CalendarMethod Method, SessionEvent Event)> All { get; } =
        new Dictionary<string, (CalendarMethod, SessionEvent)>(StringComparer.Ordinal)
        {
            ["request"] = (CalendarMethod.Request, Event()),
            ["request-series"] = (CalendarMethod.Request, Event() with { Summary = "Kognitiv terapi (2/3)", Uid = Other(2), Sequence = 3 }),
            ["request-replies"] = (CalendarMethod.Request, Event() with { AsksReply = true }),
            ["cancel"] = (CalendarMethod.Cancel, Event() with { Sequence = 1 }),
            ["publish"] = (CalendarMethod.Publish, Event() with { Attendee = null }),
            // Clocks go from 2 to 3 on 28 March 2027.
            ["spring-night"] = (CalendarMethod.Request, Event() with
            {
                StartsAt = At(2027, 3, 28, 0, 30),
                EndsAt = At(2027, 3, 28, 4, 0),
                Summary = "Nattevagt, sommertid begynder",
            }),
            // Clocks go from 3 to 2 on 31 October 2027: half past two occurs twice, and this ends at the second one.
            ["autumn-night"] = (CalendarMethod.Request, Event() with
            {
                StartsAt = At(2027, 10, 31, 0, 30),
                EndsAt = At(2027, 10, 31, 1, 30),
                Summary = "Nattevagt, sommertid slutter",
            }),
            ["autumn-first-hour"] = (CalendarMethod.Request, Event() with
            {
                StartsAt = At(2027, 10, 30, 23, 30),
                EndsAt = At(2027, 10, 31, 0, 30),
                Summary = "Slutter den første gang klokken er halv tre",
            }),
            ["across-midnight"] = (CalendarMethod.Request, Event() with
            {
                StartsAt = At(2027, 10, 30, 20, 0),
                EndsAt = At(2027, 10, 31, 6, 30),
                Summary = "Fra sommertid til vintertid",
            }),
            ["names"] = (CalendarMethod.Request, Event() with
            {
                Summary = "Æ, Ø; Å: \"citat\" \\ og linje\nto 👩🏽‍⚕️",
                Location = "Mølleparkvej 10; 1. sal, 9000 Aalborg",
                Organizer = new Mailbox("kurser@example.org", "Kurser; Psykiatrien: Nord"),
                Attendee = new Mailbox("anna@example.org", "Ørsted, Anna \"Nanna\" 🦊"),
            }),
            ["long"] = (CalendarMethod.Request, Event() with
            {
                Summary = string.Concat(Enumerable.Repeat("Ægteskab😀", 20)),
                Attendee = new Mailbox("lang@example.org", string.Concat(Enumerable.Repeat("Navn på øen ", 17)) + "slut"),
            }),
            ["other-zone"] = (CalendarMethod.Request, Event() with { TimeZone = "America/Nuuk" }),
        };

    public static SessionEvent Event() => new()
    {
        Uid = Uid,
        Sequence = 0,
        StartsAt = At(2027, 3, 15, 7, 30),
        EndsAt = At(2027, 3, 15, 14, 30),
        TimeZone = "Europe/Copenhagen",
        Summary = "Kognitiv terapi",
        Location = "Psykiatriens Hus, lokale 1, Mølleparkvej 10, 9000 Aalborg",
        Description = "Hold: H2704\nSted: Psykiatriens Hus, lokale 1",
        StampedAt = At(2027, 1, 11, 7, 0),
        Organizer = new Mailbox("kurser@example.org", "Kursusportalen"),
        Attendee = new Mailbox("anna@example.org", "Anna Ørsted"),
    };

    public static DateTimeOffset At(int year, int month, int day, int hour, int minute) => new(year, month, day, hour, minute, 0, TimeSpan.Zero);

    private static Guid Other(int number) => Guid.Parse($"0b5f2c1e-6d0a-4a52-9d4b-{number:d12}");
}
