using System.Diagnostics;
using System.Text.Json;

namespace Booking.TestSupport;

/// <summary>What somebody else's calendar program understood of a calendar file.</summary>
public sealed record JudgedCalendar
{
    public required string Method { get; init; }

    public required IReadOnlyList<JudgedEvent> Events { get; init; }
}

/// <summary>One event, with its times as seconds since 1970.</summary>
public sealed record JudgedEvent
{
    public required string Uid { get; init; }

    public required int Sequence { get; init; }

    public required long Start { get; init; }

    public required long End { get; init; }

    public required string Summary { get; init; }

    public required string Location { get; init; }

    public required string Description { get; init; }

    public required string Status { get; init; }

    public required string Organizer { get; init; }

    public required string Attendee { get; init; }

    public required string AttendeeName { get; init; }
}

/// <summary>Programs of other people that judge our calendars. A missing one fails the test and says what to install.</summary>
public static class Judges
{
    /// <summary>The judges that say all they understood.</summary>
    public static readonly IReadOnlyList<string> Names = ["ical.js", "python3-icalendar", "libical"];

    private static readonly string Folder = Path.Combine(RepositoryRoot(), "tests", "judges");

    /// <summary>The folder that holds Booking.sln.</summary>
    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Booking.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder.FullName;
    }

    /// <summary>Lets one judge read calendars.</summary>
    public static async Task<IReadOnlyList<JudgedCalendar>> ReadAsync(string judge, IReadOnlyList<byte[]> calendars)
    {
        string[] command = judge switch
        {
            "ical.js" => ["node", "ical-js.mjs"],
            "python3-icalendar" => ["/usr/bin/python3", "icalendar_py.py"],
            "libical" => ["/usr/bin/python3", "libical.py"],
            _ => throw new ArgumentOutOfRangeException(nameof(judge)),
        };
        var output = await RunAsync(judge, command, calendars);
        return JsonSerializer.Deserialize<List<JudgedCalendar>>(output, JsonSerializerOptions.Web)!;
    }

    /// <summary>What khal prints of a calendar: uid, start and end in UTC, title.</summary>
    public static Task<string> PrintAsync(byte[] calendar) => RunAsync(
        "khal",
        ["khal", "-c", "khal.conf", "printics", "--format", "{uid}|{start-long-full}|{end-long-full}|{title}"],
        [calendar]);

    private static async Task<string> RunAsync(string judge, string[] command, IReadOnlyList<byte[]> calendars)
    {
        var folder = Directory.CreateTempSubdirectory("booking-judge-");
        try
        {
            var start = new ProcessStartInfo(command[0], command[1..])
            {
                WorkingDirectory = Folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var (index, calendar) in calendars.Index())
            {
                var file = Path.Combine(folder.FullName, $"{index}.ics");
                await File.WriteAllBytesAsync(file, calendar);
                start.ArgumentList.Add(file);
            }

            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException(
                $"The judge {judge} did not read the calendars. Is it installed? tests/judges/setup installs all judges.\n{await error}");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"The judge {judge} is not installed; tests/judges/setup installs all judges.", exception);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
