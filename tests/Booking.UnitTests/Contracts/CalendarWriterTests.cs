using System.Text;
using Booking.Jobs;
using Booking.Jobs.Invitations;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.UnitTests.Contracts;

/// <summary>What every calendar writer must do, on whichever stack is built.</summary>
public sealed class CalendarWriterTests : IDisposable
{
    private readonly ServiceProvider _services = JobHost.Create(new FakeClock());

    public static TheoryData<string> Calendars => [.. GoldenCalendars.All.Keys];

    public static TheoryData<string> JudgeNames => [.. Judges.Names];

    private ICalendarWriter Writer => _services.GetRequiredService<ICalendarWriter>();

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Calendars))]
    public async Task Calendar_written_equals_its_golden_file(string name)
    {
        var file = Path.Combine(Judges.RepositoryRoot(), "tests", "Booking.UnitTests", "Golden", $"{name}.ics");
        var written = Write(name);
        if (Environment.GetEnvironmentVariable("BOOKING_WRITE_GOLDEN") == "yes")
        {
            await File.WriteAllBytesAsync(file, written, TestContext.Current.CancellationToken);
        }

        var golden = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);

        // The order of properties is the library's own business; the Lean writer is held to every byte.
        Assert.Equal(Facts(golden), Facts(written));
        if (JobServices.Stack == "Lean")
        {
            Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(written));
        }
    }

    [Theory]
    [MemberData(nameof(Calendars))]
    public void Calendar_lines_end_with_CRLF_and_hold_at_most_75_octets_of_whole_characters(string name)
    {
        var written = Write(name);
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        var lines = Encoding.Latin1.GetString(written).Split("\r\n");

        Assert.Equal("", lines[^1]);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 75));
        Assert.All(lines, line => Assert.DoesNotContain('\n', line));
        Assert.All(lines, line => strict.GetString(Encoding.Latin1.GetBytes(line)));
    }

    [Theory]
    [MemberData(nameof(JudgeNames))]
    public async Task Calendars_are_read_by_a_judge_as_they_were_meant(string judge)
    {
        var read = await Judges.ReadAsync(judge, [.. GoldenCalendars.All.Keys.Select(Write)]);

        foreach (var (meant, calendar) in GoldenCalendars.All.Values.Zip(read))
        {
            var judged = Assert.Single(calendar.Events);
            Assert.Equal(meant.Method.ToString().ToUpperInvariant(), calendar.Method);
            Assert.Equal(meant.Event.Uid.ToString("D"), judged.Uid);
            Assert.Equal(meant.Event.Sequence, judged.Sequence);
            Assert.Equal(meant.Event.StartsAt.ToUnixTimeSeconds(), judged.Start);
            Assert.Equal(meant.Event.EndsAt.ToUnixTimeSeconds(), judged.End);
            Assert.Equal(meant.Event.Summary, judged.Summary);
            Assert.Equal(meant.Event.Location, judged.Location);
            Assert.Equal(meant.Event.Description, judged.Description);
            Assert.Equal(meant.Method == CalendarMethod.Cancel ? "CANCELLED" : "CONFIRMED", judged.Status);
            Assert.Equal(meant.Event.Organizer.Address, judged.Organizer);
            Assert.Equal(meant.Event.Attendee?.Address ?? "", judged.Attendee);
            Assert.Equal((meant.Event.Attendee?.Name ?? "").Replace('"', '\''), judged.AttendeeName.Trim('"'));
        }
    }

    [Theory]
    [MemberData(nameof(Calendars))]
    public async Task Calendar_is_printed_by_khal_with_its_times(string name)
    {
        var meant = GoldenCalendars.All[name].Event;

        var printed = await Judges.PrintAsync(Write(name));

        Assert.Contains(
            $"{meant.Uid:D}|{meant.StartsAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss}|{meant.EndsAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss}|",
            printed,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Calendar_message_with_two_events_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Writer.Write(CalendarMethod.Request, [GoldenCalendars.Event(), GoldenCalendars.Event()]));
        Assert.Throws<ArgumentException>(() => Writer.Write(CalendarMethod.Cancel, [GoldenCalendars.Event() with { Attendee = null }]));
    }

    [Fact]
    public void Feed_may_hold_several_events_and_names_no_attendee()
    {
        var second = GoldenCalendars.Event() with { Uid = Guid.Parse("0b5f2c1e-6d0a-4a52-9d4b-000000000009") };

        var written = Encoding.UTF8.GetString(Writer.Write(CalendarMethod.Publish, [GoldenCalendars.Event(), second]));

        Assert.Equal(3, written.Split("BEGIN:VEVENT").Length);
        Assert.Equal(2, written.Split("BEGIN:VTIMEZONE").Length);
        Assert.DoesNotContain("ATTENDEE", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_with_line_ends_and_control_characters_adds_no_line()
    {
        var wicked = GoldenCalendars.Event() with
        {
            Summary = "a\r\nATTENDEE:mailto:x@example.org\u0007\u0000b",
            Attendee = new Jobs.Mail.Mailbox("anna@example.org", "Anna\r\nDTSTART:19700101T000000Z"),
        };

        var lines = Unfold(Writer.Write(CalendarMethod.Request, [wicked]));

        Assert.Single(lines, line => line.StartsWith("ATTENDEE", StringComparison.Ordinal));
        Assert.Equal(3, lines.Count(line => line.StartsWith("DTSTART", StringComparison.Ordinal)));
        Assert.Contains("SUMMARY:a\\nATTENDEE:mailto:x@example.orgb", lines);
    }

    private byte[] Write(string name) => Writer.Write(GoldenCalendars.All[name].Method, [GoldenCalendars.All[name].Event]);

    private static string[] Unfold(byte[] calendar) =>
        Encoding.UTF8.GetString(calendar).Replace("\r\n ", "", StringComparison.Ordinal).TrimEnd().Split("\r\n");

    // Lines in any order, and the parameters of a line in any order.
    private static IEnumerable<string> Facts(byte[] calendar) =>
        Unfold(calendar).Select(line =>
        {
            // The colon that ends the parameters is the first one outside quotation marks.
            var colon = line.Index().First(at => at.Item == ':' && line[..at.Index].Count(c => c == '"') % 2 == 0).Index;
            var parts = line[..colon].Split(';');
            return string.Join(';', [parts[0], .. parts.Skip(1).Order(StringComparer.Ordinal)]) + line[colon..];
        }).Order(StringComparer.Ordinal);
}
