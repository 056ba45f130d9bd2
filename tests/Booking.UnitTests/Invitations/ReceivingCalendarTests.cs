using Booking.Jobs.Invitations;
using Booking.TestSupport;
using Booking.UnitTests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.UnitTests.Invitations;

/// <summary>
/// A calendar that receives our messages as RFC 5546 tells it to (a higher sequence wins, and of equal ones the later stamp),
/// given them in every order and twice.
/// </summary>
public sealed class ReceivingCalendarTests
{
    private static readonly SessionEvent First = GoldenCalendars.Event();

    private static readonly SessionEvent Moved = First with
    {
        Sequence = 1,
        StartsAt = First.StartsAt.AddDays(7),
        EndsAt = First.EndsAt.AddDays(7),
        StampedAt = First.StampedAt.AddDays(1),
    };

    private static readonly SessionEvent Gone = Moved with { Sequence = 2, StampedAt = Moved.StampedAt.AddDays(1) };

    public static TheoryData<string> Orders =>
        ["r u c", "r c u", "u r c", "u c r", "c r u", "c u r", "r r u u c c", "r u c r u c", "c c", "u c u"];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Calendar_given_a_cancellation_in_any_order_shows_nothing(string order)
    {
        Assert.Empty(await ReceiveAsync(order));
    }

    [Theory]
    [InlineData("r u")]
    [InlineData("u r")]
    [InlineData("r u r u r")]
    [InlineData("u u")]
    public async Task Calendar_given_an_update_in_any_order_shows_the_new_time_once(string order)
    {
        var shown = Assert.Single(await ReceiveAsync(order));

        Assert.Equal(Moved.StartsAt.ToUnixTimeSeconds(), shown.Start);
    }

    private static async Task<IReadOnlyList<JudgedEvent>> ReceiveAsync(string order)
    {
        using var services = JobHost.Create(new FakeClock());
        var writer = services.GetRequiredService<ICalendarWriter>();
        var messages = order.Split(' ').Select(letter => letter switch
        {
            "r" => writer.Write(CalendarMethod.Request, [First]),
            "u" => writer.Write(CalendarMethod.Request, [Moved]),
            _ => writer.Write(CalendarMethod.Cancel, [Gone]),
        });
        Dictionary<string, (JudgedEvent Event, bool IsGone)> calendar = new(StringComparer.Ordinal);
        foreach (var message in await Judges.ReadAsync("ical.js", [.. messages]))
        {
            var received = Assert.Single(message.Events);
            if (!calendar.TryGetValue(received.Uid, out var known) || received.Sequence >= known.Event.Sequence)
            {
                calendar[received.Uid] = (received, message.Method == "CANCEL");
            }
        }

        return [.. calendar.Values.Where(entry => !entry.IsGone).Select(entry => entry.Event)];
    }
}
