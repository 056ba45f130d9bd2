using System.Globalization;
using Booking.Data.Plans.Reading;

namespace Booking.Data.Plans;

/// <summary>A run's columns of hold.csv: as the files have them, as they are stored, or as the last import wrote them.</summary>
internal sealed record RunValues(PlanRun Run, long CourseId)
{
    /// <summary>Values that are stored, beside what only the files know of the run.</summary>
    public static RunValues Of(RunColumns row, IEnumerable<PlanSession> sessions, PlanRun planned) => new(
        planned with
        {
            Sessions = [.. sessions],
            VenueName = row.VenueName,
            VenueAddress = row.VenueAddress,
            PostalCode = row.PostalCode,
            Town = row.Town,
            Latitude = row.Latitude,
            Longitude = row.Longitude,
            OnlineLink = row.OnlineLink,
            Capacity = row.Capacity,
            ExternalSeats = row.ExternalSeats,
            MinimumParticipants = row.MinimumParticipants,
            SignUpOpensAt = row.SignUpOpensAt,
            SignUpClosesAt = row.SignUpClosesAt,
            ReleaseAt = row.ReleaseAt,
            CancellationDeadlineAt = row.CancellationDeadlineAt,
            InstructorEmail = row.InstructorEmail,
            Budget = row.Budget,
        },
        row.CourseId);
}

/// <summary>What fields of a run have to fit with.</summary>
internal enum RunFieldGroup
{
    /// <summary>Nothing else.</summary>
    Single,

    /// <summary>The sessions and the deadlines that follow them.</summary>
    Times,

    /// <summary>The place: its parts make sense together only.</summary>
    Place,

    /// <summary>The point on the map, which belongs to the address.</summary>
    Point,
}

/// <summary>One column of hold.csv: how two runs compare in it, and how it goes from one to the other.</summary>
internal sealed record RunField(
    string Column,
    RunFieldGroup Group,
    Func<RunValues, RunValues, bool> Same,
    Func<RunValues, RunValues, RunValues> Take,
    Func<PlanRun, TimeZoneInfo, string> Show)
{
    public static RunField Of<T>(
        string column, RunFieldGroup group, Func<PlanRun, T> get, Func<PlanRun, T, PlanRun> set, Func<T, TimeZoneInfo, string>? show = null) =>
        new(
            column,
            group,
            (one, other) => EqualityComparer<T>.Default.Equals(get(one.Run), get(other.Run)),
            (to, from) => to with { Run = set(to.Run, get(from.Run)) },
            (run, zone) => show?.Invoke(get(run), zone) ?? Convert.ToString(get(run), Danish) ?? "");

    public static RunField OfTime(string column, Func<PlanRun, DateTimeOffset> get, Func<PlanRun, DateTimeOffset, PlanRun> set) =>
        Of(column, RunFieldGroup.Times, get, set, (at, zone) => Local(at, zone, "dd-MM-yyyy HH:mm"));

    private static readonly CultureInfo Danish = CultureInfo.GetCultureInfo("da-DK");

    /// <summary>Sessions as hold.csv has them.</summary>
    public static string Days(PlanRun run, TimeZoneInfo zone) => string.Join(
        " | ",
        run.Sessions.Select(session => $"{Local(session.StartsAt, zone, "dd-MM-yyyy HH:mm")}-{Local(session.EndsAt, zone, "HH:mm")}"));

    private static string Local(DateTimeOffset at, TimeZoneInfo zone, string format) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>The columns of hold.csv that a run can differ in.</summary>
internal static class RunFields
{
    public const string Sessions = "dage";
    public const string Capacity = "pladser";
    public const string ExternalSeats = "eksterne pladser";
    public const string Release = "frigives";
    public const string Course = "kursuskode";

    /// <summary>All of them, in the order in which changes are named.</summary>
    public static IReadOnlyList<RunField> All { get; } =
    [
        new(
            Course,
            RunFieldGroup.Single,
            (one, other) => one.CourseId == other.CourseId,
            (to, from) => new RunValues(to.Run with { CourseCode = from.Run.CourseCode }, from.CourseId),
            (run, _) => run.CourseCode),
        new(
            Sessions,
            RunFieldGroup.Times,
            (one, other) => Times(one).SequenceEqual(Times(other)),
            (to, from) => to with { Run = to.Run with { Sessions = from.Run.Sessions } },
            RunField.Days),
        RunField.Of("sted", RunFieldGroup.Place, run => run.VenueName, (run, value) => run with { VenueName = value }),
        RunField.Of("adresse", RunFieldGroup.Place, run => run.VenueAddress, (run, value) => run with { VenueAddress = value }),
        RunField.Of("postnr", RunFieldGroup.Place, run => run.PostalCode, (run, value) => run with { PostalCode = value }),
        RunField.Of("by", RunFieldGroup.Place, run => run.Town, (run, value) => run with { Town = value }),
        RunField.Of("breddegrad", RunFieldGroup.Point, run => run.Latitude, (run, value) => run with { Latitude = value }),
        RunField.Of("længdegrad", RunFieldGroup.Point, run => run.Longitude, (run, value) => run with { Longitude = value }),
        RunField.Of("link", RunFieldGroup.Single, run => run.OnlineLink, (run, value) => run with { OnlineLink = value }),
        RunField.Of(Capacity, RunFieldGroup.Single, run => run.Capacity, (run, value) => run with { Capacity = value }),
        RunField.Of(ExternalSeats, RunFieldGroup.Single, run => run.ExternalSeats, (run, value) => run with { ExternalSeats = value }),
        RunField.Of(
            "min. deltagere", RunFieldGroup.Single, run => run.MinimumParticipants, (run, value) => run with { MinimumParticipants = value }),
        RunField.OfTime("tilmelding åbner", run => run.SignUpOpensAt, (run, value) => run with { SignUpOpensAt = value }),
        RunField.OfTime("tilmelding lukker", run => run.SignUpClosesAt, (run, value) => run with { SignUpClosesAt = value }),
        RunField.OfTime(Release, run => run.ReleaseAt, (run, value) => run with { ReleaseAt = value }),
        RunField.OfTime("afmeldingsfrist", run => run.CancellationDeadlineAt, (run, value) => run with { CancellationDeadlineAt = value }),
        RunField.Of("underviser", RunFieldGroup.Single, run => run.InstructorEmail, (run, value) => run with { InstructorEmail = value }),
        RunField.Of("budget", RunFieldGroup.Single, run => run.Budget, (run, value) => run with { Budget = value }),
    ];

    /// <summary>The columns in which two runs differ.</summary>
    public static IReadOnlyList<string> Different(RunValues one, RunValues other) =>
        [.. All.Where(field => !field.Same(one, other)).Select(field => field.Column)];

    private static IEnumerable<(DateTimeOffset StartsAt, DateTimeOffset EndsAt)> Times(RunValues values) =>
        values.Run.Sessions.Select(session => (session.StartsAt, session.EndsAt));
}
