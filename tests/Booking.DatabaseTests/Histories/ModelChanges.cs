using Booking.Data.Swaps;

namespace Booking.DatabaseTests.Histories;

/// <summary>What secretaries, leaders and HR do to seats beside booking and cancelling.</summary>
internal sealed partial class Model
{
    /// <summary>Proposals that nobody has answered, in the order in which they were made.</summary>
    public List<ModelSwap> Swaps { get; } = [];

    public void Hold(ModelRun run, string department, int seats, bool ownOnly)
    {
        var until = AfterDays(run.Times.StartsAt, -7);
        if (!run.IsOpen(Now) || until <= Now)
        {
            return;
        }

        for (var i = 0; i < seats; i++)
        {
            if (run.Claim(ownOnly ? [department] : [department, "open"]) is { } pool)
            {
                run.Bookings.Add(new ModelBooking($"{department}?", pool, "name", until));
            }
        }
    }

    public void Name(ModelRun run, IReadOnlyList<string> people, bool acceptsOverlap)
    {
        var seats = new Queue<ModelBooking>(run.Bookings
            .Where(booking => booking.HeldFor == "name" && booking.Own == OwnPool(people[0]) && booking.Until > Now)
            .OrderBy(booking => booking.Pool == "open"));
        foreach (var person in people.Where(person => !run.HasLive(person) && (acceptsOverlap || !IsElsewhere(person, run))))
        {
            if (seats.TryDequeue(out var seat))
            {
                Settle(run, seat, person);
            }
        }
    }

    public void HandBack(ModelRun run, string department, int? seats)
    {
        if (!run.IsPublished || run.IsReleased || run.Times.StartsAt <= Now)
        {
            return;
        }

        var opened = Math.Min(seats ?? int.MaxValue, run.Free[department]);
        run.Free[department] -= opened;
        run.Free["open"] += opened;
        if (opened > 0)
        {
            Serve(run, [.. Enumerable.Repeat(department, opened)]);
        }
    }

    public void Substitute(ModelRun run, ModelBooking booking, string who, bool acceptsOverlap)
    {
        if (booking.IsSettled && Now < run.Times.StartsAt && OwnPool(who) == booking.Own
            && !run.HasLive(who) && (acceptsOverlap || !IsElsewhere(who, run)))
        {
            Settle(run, booking, who);
        }
    }

    public void Move(ModelRun run, ModelBooking booking, ModelRun target, bool acceptsOverlap)
    {
        if (booking.IsSettled && Now < run.Times.StartsAt && target.IsOpen(Now) && !target.HasLive(booking.Who)
            && (acceptsOverlap || !IsElsewhere(booking.Who, target, except: run))
            && target.Claim(booking.Own, "open") is { } pool)
        {
            Book(target, booking.Who, pool);
            Serve(run, run.End(booking));
        }
    }

    public void Propose(ModelSwap swap)
    {
        if (swap.Offered != swap.Wanted && CanBeAnswered(swap) && AreThere(swap))
        {
            Swaps.Add(swap);
        }
    }

    public void AnswerSwap(ModelSwap swap, SwapAnswer answer)
    {
        if (answer is not SwapAnswer.Accept)
        {
            Forget(swap);
        }
        else if (CanBeAnswered(swap) && AreThere(swap))
        {
            Accept(swap);
        }
    }

    private void Accept(ModelSwap swap)
    {
        Forget(swap);
        swap.Offered.Free[swap.From] -= swap.OfferedSeats;
        swap.Offered.Free[swap.To] += swap.OfferedSeats;
        if (swap.Wanted is not null)
        {
            swap.Wanted.Free[swap.To] -= swap.WantedSeats;
            swap.Wanted.Free[swap.From] += swap.WantedSeats;
        }

        foreach (var run in Runs.Where(run => run == swap.Offered || run == swap.Wanted))
        {
            Serve(run);
        }
    }

    public void Decide(ModelRun run, ModelBooking booking, bool isApproved)
    {
        if (booking.Until <= Now)
        {
            return;
        }

        if (isApproved)
        {
            run.Bookings[run.Bookings.IndexOf(booking)] = booking with { HeldFor = "", Until = null };
        }
        else
        {
            Serve(run, run.End(booking));
        }
    }

    public void CancelRun(ModelRun run)
    {
        if (run.IsPublished && run.Times.StartsAt > Now)
        {
            run.Cancel();
            Swaps.RemoveAll(swap => swap.Offered == run || swap.Wanted == run);
        }
    }

    /// <summary>Everything moves by whole days on the clocks of the run; what has happened stays where it was.</summary>
    public void Postpone(ModelRun run, int days)
    {
        var start = AfterDays(run.Times.StartsAt, days);
        var release = run.IsReleased ? run.ReleaseAt : AfterDays(run.ReleaseAt, days);
        var isReleasedAtOnce = !run.IsReleased && run.ReleaseAt > Now && release <= Now
            && run.Free.Any(pool => pool.Key != "open" && pool.Value > 0);
        if (!run.IsPublished || run.Times.StartsAt <= Now || start <= Now || isReleasedAtOnce)
        {
            return;
        }

        run.EndsAt = AfterDays(run.EndsAt, days);
        run.ReleaseAt = Earlier(release, start);
        run.Times = run.Times with
        {
            StartsAt = start,
            SignUpClosesAt = AfterDays(run.Times.SignUpClosesAt, days),
            CancellationDeadlineAt = AfterDays(run.Times.CancellationDeadlineAt, days),
        };
        for (var i = 0; i < run.Bookings.Count; i++)
        {
            run.Bookings[i] = run.Bookings[i] with { Until = HeldUntil(run, run.Bookings[i]) };
        }

        for (var i = 0; i < run.Entries.Count; i++)
        {
            run.Entries[i] = run.Entries[i] with { OfferedUntil = Earlier(run.Entries[i].OfferedUntil, run.Times.SignUpClosesAt) };
        }
    }

    /// <summary>So many days later, at the same time of day.</summary>
    public static DateTimeOffset AfterDays(DateTimeOffset at, int days)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone).DateTime.AddDays(days);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private DateTimeOffset? HeldUntil(ModelRun run, ModelBooking booking) => booking.HeldFor switch
    {
        "offer" => Earlier(booking.Until, run.Times.SignUpClosesAt),
        "approval" => Earlier(booking.Until, run.Times.StartsAt),
        // A run that comes closer leaves two days for the names.
        "name" => Later(AfterDays(run.Times.StartsAt, -7), Earlier(Earlier(booking.Until!.Value, Now.AddDays(2)), run.Times.StartsAt)),
        _ => booking.Until,
    };

    private bool CanBeAnswered(ModelSwap swap) => swap.Until > Now
        && new[] { swap.Offered, swap.Wanted ?? swap.Offered }.All(run => run.IsPublished && !run.IsReleased);

    // This one, and not another that proposes the same.
    private void Forget(ModelSwap swap) => Swaps.RemoveAll(other => ReferenceEquals(other, swap));

    private static bool AreThere(ModelSwap swap) =>
        swap.Offered.Free[swap.From] >= swap.OfferedSeats && (swap.Wanted is null || swap.Wanted.Free[swap.To] >= swap.WantedSeats);

    private static string Describe(ModelSwap swap) =>
        $"swap {swap.From} {swap.Offered.Run.Code} {swap.OfferedSeats} {swap.To} {swap.Wanted?.Run.Code} {swap.WantedSeats} until {swap.Until:u}";

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset other) => one is null ? null : Earlier(one.Value, other);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
