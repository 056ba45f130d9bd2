using System.Text;
using Booking.Jobs;
using Booking.Jobs.Invitations;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.UnitTests.Contracts;

/// <summary>What every calendar writer must do with a feed, on whichever stack is built.</summary>
public sealed class CalendarFeedTests : IDisposable
{
    private static readonly CalendarFeed Feed = new()
    {
        Name = "Kursusportalen: Afdeling Nord, Ærø; \"Øst\"",
        Events =
        [
            GoldenCalendars.Event() with { Attendee = null, Summary = "Kognitiv terapi (1/2)" },
            GoldenCalendars.Event() with
            {
                Uid = Guid.Parse("0b5f2c1e-6d0a-4a52-9d4b-000000000002"),
                Sequence = 2,
                Summary = "Nattevagt, sommertid begynder",
                StartsAt = GoldenCalendars.At(2027, 3, 28, 0, 30),
                EndsAt = GoldenCalendars.At(2027, 3, 28, 4, 0),
                // An attendee never gets into a feed.
                Attendee = new Mailbox("anna@example.org", "Anna Ørsted"),
            },
            GoldenCalendars.Event() with
            {
                Uid = Guid.Parse("0b5f2c1e-6d0a-4a52-9d4b-000000000003"),
                TimeZone = "America/Nuuk",
                Description = "Hold: H-1\r\nATTENDEE:mailto:x@example.org\nPladser i brug: 2",
            },
        ],
    };

    private readonly ServiceProvider _services = JobHost.Create(new FakeClock());

    public static TheoryData<string> JudgeNames => [.. Judges.Names];

    private ICalendarWriter Writer => _services.GetRequiredService<ICalendarWriter>();

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(JudgeNames))]
    public async Task Feed_is_read_by_a_judge_as_it_was_meant(string judge)
    {
        var read = await Judges.ReadAsync(judge, [Writer.WriteFeed(Feed), Writer.WriteFeed(Feed with { Events = [] })]);

        Assert.All(read, calendar => Assert.Equal("PUBLISH", calendar.Method));
        Assert.Empty(read[1].Events);
        var events = read[0].Events.ToDictionary(judged => judged.Uid);
        Assert.Equal(3, events.Count);
        foreach (var meant in Feed.Events)
        {
            var judged = events[meant.Uid.ToString("D")];
            Assert.Equal(meant.Sequence, judged.Sequence);
            Assert.Equal(meant.StartsAt.ToUnixTimeSeconds(), judged.Start);
            Assert.Equal(meant.EndsAt.ToUnixTimeSeconds(), judged.End);
            Assert.Equal(meant.Summary, judged.Summary);
            Assert.Equal(meant.Description.ReplaceLineEndings("\n"), judged.Description);
            Assert.Equal("", judged.Attendee);
        }
    }

    [Fact]
    public async Task Feed_is_printed_by_khal_with_its_times()
    {
        var printed = await Judges.PrintAsync(Writer.WriteFeed(Feed));

        Assert.All(Feed.Events, meant => Assert.Contains(
            $"{meant.Uid:D}|{meant.StartsAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss}|{meant.EndsAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss}|", printed, StringComparison.Ordinal));
    }

    [Fact]
    public void Feed_says_its_name_and_how_often_to_come_and_keeps_nobody_busy()
    {
        var lines = Lines(Feed);

        Assert.Contains("NAME:Kursusportalen: Afdeling Nord\\, Ærø\\; \"Øst\"", lines);
        Assert.Contains("X-WR-CALNAME:Kursusportalen: Afdeling Nord\\, Ærø\\; \"Øst\"", lines);
        Assert.Contains("REFRESH-INTERVAL;VALUE=DURATION:PT1H", lines);
        Assert.Contains("METHOD:PUBLISH", lines);
        Assert.Equal(3, lines.Count(line => line == "TRANSP:TRANSPARENT"));
        Assert.DoesNotContain(lines, line => line.StartsWith("ATTENDEE", StringComparison.Ordinal));
    }

    [Fact]
    public void Feed_properties_stand_before_its_components_and_the_zone_stands_once()
    {
        var lines = Lines(Feed).ToList();

        Assert.Single(lines, line => line == "BEGIN:VTIMEZONE");
        Assert.True(lines.FindIndex(line => line.StartsWith("X-WR-CALNAME", StringComparison.Ordinal)) < lines.IndexOf("BEGIN:VTIMEZONE"));
        Assert.Equal("END:VCALENDAR", lines[^1]);
        Assert.Contains("BEGIN:VTIMEZONE", Lines(Feed with { Events = [] }));
    }

    [Fact]
    public void Same_feed_has_the_same_bytes() => Assert.Equal(Writer.WriteFeed(Feed), Writer.WriteFeed(Feed));

    [Fact]
    public void Feed_lines_hold_at_most_75_octets() =>
        Assert.All(Encoding.Latin1.GetString(Writer.WriteFeed(Feed)).Split("\r\n"), line => Assert.InRange(line.Length, 0, 75));

    private string[] Lines(CalendarFeed feed) =>
        Encoding.UTF8.GetString(Writer.WriteFeed(feed)).Replace("\r\n ", "", StringComparison.Ordinal).TrimEnd().Split("\r\n");
}
