using System.Globalization;
using Booking.Data.Plans.Reading;

namespace Booking.Data.Plans;

/// <summary>What of a changed plan a published run takes on, and what it refuses because seats were promised or taken.</summary>
internal static class PublishedRunRules
{
    public static PublishedRunDecision Decide(StoredRun stored, PlanRun planned, long courseId, RunSeatCounts seats, DateTimeOffset now)
    {
        var row = stored.Row;
        var refusals = new List<RunRefusal>();

        // The seats were shared by the key of this plan year; the account stays there when the run moves past New Year.
        var accepted = planned with { PlanYear = row.PlanYear };
        accepted = accepted with { ExternalSeats = FewerExternalSeats(row, accepted, seats, refusals) };
        accepted = accepted with { Capacity = Capacity(row, accepted, seats, refusals) };
        accepted = accepted with { ExternalSeats = MoreExternalSeats(row, (planned.ExternalSeats, accepted), seats, refusals) };
        accepted = KeepsSessions(stored, accepted, (seats.InvitedSessions, now), refusals)
            ? WithTimesOf(stored, accepted)
            : accepted with { ReleaseAt = ReleaseAt(row, accepted, seats, now, refusals) };
        return new PublishedRunDecision
        {
            Accepted = accepted,
            CourseId = CourseId(row, planned, courseId, seats, refusals),
            Refusals = refusals,
        };
    }

    // Deadlines follow the sessions: a run that keeps its sessions keeps them all.
    private static PlanRun WithTimesOf(StoredRun stored, PlanRun planned) => planned with
    {
        Sessions = [.. stored.Sessions.Select(session => new PlanSession { StartsAt = session.StartsAt, EndsAt = session.EndsAt })],
        SignUpOpensAt = stored.Row.SignUpOpensAt,
        SignUpClosesAt = stored.Row.SignUpClosesAt,
        ReleaseAt = stored.Row.ReleaseAt,
        CancellationDeadlineAt = stored.Row.CancellationDeadlineAt,
    };

    // A session that is to come can be called off; one that people sat in cannot be undone.
    private static bool KeepsSessions(
        StoredRun stored, PlanRun planned, (long[] Invited, DateTimeOffset Now) sessions, List<RunRefusal> refusals)
    {
        var begun = SessionChanges.Between(stored.Sessions, planned.Sessions).Removed
            .Where(session => session.StartsAt <= sessions.Now && sessions.Invited.Contains(session.SessionId))
            .ToList();
        if (begun.Count == 0)
        {
            return false;
        }

        refusals.Add(new(
            RunFields.Sessions,
            $"{Counted(planned.Sessions.Count, "kursusdag", "kursusdage")} i stedet for {stored.Sessions.Count}",
            $"kursusdag {begun[0].Number} er begyndt, og tilmeldte har den i deres kalender"));
        return true;
    }

    private static long CourseId(RunRow row, PlanRun planned, long courseId, RunSeatCounts seats, List<RunRefusal> refusals)
    {
        if (courseId == row.CourseId || seats.LiveBookings == 0)
        {
            return courseId;
        }

        refusals.Add(new(RunFields.Course, $"holdet flyttes til kurset {planned.CourseCode}", $"{seats.LiveBookings} har en plads på det nuværende kursus"));
        return row.CourseId;
    }

    private static int FewerExternalSeats(RunRow row, PlanRun planned, RunSeatCounts seats, List<RunRefusal> refusals)
    {
        if (planned.ExternalSeats >= Math.Min(row.ExternalSeats, seats.External))
        {
            return Math.Min(planned.ExternalSeats, row.ExternalSeats);
        }

        refusals.Add(ExternalRefusal(row, planned.ExternalSeats, $"{Counted(seats.External, "plads", "pladser")} er givet til de eksterne sektorer"));
        return row.ExternalSeats;
    }

    // From the added seats first, as if the run had been published with them, then from open ones that nobody has.
    private static int MoreExternalSeats(
        RunRow row, (int ExternalSeats, PlanRun Accepted) planned, RunSeatCounts seats, List<RunRefusal> refusals)
    {
        var wanted = planned.ExternalSeats - row.ExternalSeats;
        if (wanted <= 0)
        {
            return planned.Accepted.ExternalSeats;
        }

        if (seats.ReleasedAt is { } releasedAt)
        {
            var reason = $"pladserne blev frigivet {Date(releasedAt)}; de ledige er åbne for alle, også for de eksterne sektorer";
            refusals.Add(ExternalRefusal(row, planned.ExternalSeats, reason));
            return row.ExternalSeats;
        }

        var change = planned.Accepted.Capacity - row.Capacity;
        var (added, open) = (Math.Max(change, 0), seats.FreeOpen + Math.Min(change, 0));
        var given = Math.Min(wanted, added + open);
        if (given < wanted)
        {
            refusals.Add(ExternalRefusal(row, planned.ExternalSeats, ExternalShortage(row.ExternalSeats + given, added, open, seats)));
        }

        return row.ExternalSeats + given;
    }

    /// <summary>Says why a run cannot have another number of external seats.</summary>
    public static RunRefusal ExternalRefusal(RunRow row, int asked, string reason) =>
        new(RunFields.ExternalSeats, $"{Counted(asked, "ekstern plads", "eksterne pladser")} i stedet for {row.ExternalSeats}", reason);

    /// <summary>Says of which seats external ones could be made.</summary>
    public static string ExternalShortage(int given, int added, int open, RunSeatCounts seats) =>
        $"{seats.Taken} er taget, {seats.FreeGuaranteed} ledige er garanteret afdelinger; kun {added} nye og {open} ledige åbne pladser "
        + $"kan gives til de eksterne sektorer, som får {given}";

    private static int Capacity(RunRow row, PlanRun planned, RunSeatCounts seats, List<RunRefusal> refusals)
    {
        var fewer = row.Capacity - planned.Capacity;
        if (fewer <= seats.FreeOpen && planned.Capacity >= planned.ExternalSeats)
        {
            return planned.Capacity;
        }

        refusals.Add(CapacityRefusal(row, planned, seats));
        return row.Capacity;
    }

    /// <summary>Says why a run cannot have fewer seats.</summary>
    public static RunRefusal CapacityRefusal(RunRow row, PlanRun planned, RunSeatCounts seats) => new(
        RunFields.Capacity,
        $"{Counted(planned.Capacity, "plads", "pladser")} i stedet for {row.Capacity}",
        $"{seats.Taken} er taget, {seats.FreeGuaranteed} ledige er garanteret afdelinger, {seats.External} er eksterne; "
        + $"kun {Counted(seats.FreeOpen, "ledig åben plads", "ledige åbne pladser")} kan fjernes");

    private static DateTimeOffset ReleaseAt(RunRow row, PlanRun planned, RunSeatCounts seats, DateTimeOffset now, List<RunRefusal> refusals)
    {
        if (planned.ReleaseAt == row.ReleaseAt)
        {
            return row.ReleaseAt;
        }

        string? reason = null;
        if (seats.ReleasedAt is { } releasedAt)
        {
            reason = $"pladserne blev frigivet {Date(releasedAt)}";
        }
        else if (planned.ReleaseAt <= now && row.ReleaseAt > now && seats.FreeGuaranteed > 0)
        {
            reason = $"{Counted(seats.FreeGuaranteed, "garanteret plads", "garanterede pladser")} ville være væk med det samme";
        }

        if (reason is null)
        {
            return planned.ReleaseAt;
        }

        refusals.Add(new(RunFields.Release, $"frigivelse {Date(planned.ReleaseAt)} i stedet for {Date(row.ReleaseAt)}", reason));
        var startsAt = planned.Sessions[0].StartsAt;
        return row.ReleaseAt < startsAt ? row.ReleaseAt : startsAt;
    }

    private static string Counted(long number, string one, string many) => $"{number} {(number == 1 ? one : many)}";

    private static string Date(DateTimeOffset at) => at.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture);
}

/// <summary>What a published run takes on.</summary>
internal sealed record PublishedRunDecision
{
    /// <summary>The plan without what was refused.</summary>
    public required PlanRun Accepted { get; init; }

    public required long CourseId { get; init; }

    public required IReadOnlyList<RunRefusal> Refusals { get; init; }
}

/// <summary>What of a run was refused, and why.</summary>
internal sealed record RunRefusal(string Column, string Asked, string Reason);
