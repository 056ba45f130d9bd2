using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.Data.Site;
using Booking.Data.WaitingLists;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Histories;

/// <summary>
/// What should come of each step, in memory and as simple as it can be: who has a seat of which pool, who has an offer until
/// when, who waits in which order. No locks, no SQL; only when an offer ends is asked of the product, which has tests for it.
/// </summary>
internal sealed partial class Model(FakeClock clock, IReadOnlyList<HistoryTimes> times)
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    public IReadOnlyList<ModelRun> Runs { get; } =
        [.. HistoryWorld.Runs.Zip(times, (run, read) => new ModelRun(run, read.Times, read.EndsAt, read.ReleaseAt))];

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Whose guaranteed seats somebody may have: the department's, or the external ones.</summary>
    public static string OwnPool(string who) => who[0] == 'x' ? "external" : who[..1];

    public string Describe() => string.Join('\n', [.. Runs.SelectMany(run => run.Describe()), .. Swaps.Select(Describe)]);

    /// <summary>Live bookings in an order that the database can give, too: what "the third booking" means.</summary>
    public static IReadOnlyList<ModelBooking> Ordered(ModelRun run) =>
        [.. run.Bookings.OrderBy(booking => booking.Who, StringComparer.Ordinal)
            .ThenBy(booking => booking.HeldFor, StringComparer.Ordinal).ThenBy(booking => booking.Pool, StringComparer.Ordinal).ThenBy(booking => booking.Until)];

    public void Reserve(ModelRun run, IReadOnlyList<string> people, bool acceptsOverlap)
    {
        if (!run.IsOpen(Now))
        {
            return;
        }

        foreach (var person in people.Where(person => !run.HasLive(person) && (acceptsOverlap || !IsElsewhere(person, run))))
        {
            if (run.Claim(run.IsReleased ? ["open"] : [OwnPool(person), "open"]) is { } pool)
            {
                Book(run, person, pool);
            }
        }
    }

    public void Cancel(ModelRun run, ModelBooking booking)
    {
        if (Now < run.Times.StartsAt)
        {
            Serve(run, run.End(booking));
        }
    }

    public void SignUp(ModelRun run, string who, bool acceptsWaiting)
    {
        if (!run.IsOpen(Now))
        {
            return;
        }

        ExpireSignUps(run, signUp => signUp.Who == who);
        var pool = run.Claim("external", "open");
        if (pool is null && !acceptsWaiting)
        {
            return;
        }

        var until = Now + BookingRules.SignUpHold;
        var asked = run.SignUps.Find(signUp => signUp.Who == who);
        if (pool is null)
        {
            if (asked is null)
            {
                run.SignUps.Add(new ModelSignUp(who, run.HasLive(who), Earlier(Now + BookingRules.WishToWait, run.Times.SignUpClosesAt), IsForPlace: true));
            }
        }
        else if (asked is { IsForPlace: false })
        {
            run.GiveBack(pool);
            Serve(run);
        }
        else
        {
            // A wish to wait is one for the seat that is free by now.
            run.SignUps.RemoveAll(signUp => signUp.Who == who);
            run.SignUps.Add(new ModelSignUp(who, asked?.IsAnswered ?? run.HasLive(who), until));
            run.Bookings.Add(new ModelBooking(who, pool, "sign_up", until));
        }
    }

    public void Confirm(ModelRun run, string who, bool acceptsOverlap)
    {
        if (run.SignUps.Find(signUp => signUp.Who == who && !signUp.IsAnswered && signUp.Until > Now) is not { } signUp)
        {
            return;
        }

        var hold = run.Bookings.Find(booking => booking.Who == who && booking.HeldFor == "sign_up");
        if (signUp.IsForPlace)
        {
            run.SignUps.Remove(signUp);
            Join(run, who);
            return;
        }

        if (run.HasLive(who))
        {
            Serve(run, run.End(hold!));
            return;
        }

        if (!acceptsOverlap && IsElsewhere(who, run))
        {
            return;
        }

        run.SignUps.Remove(signUp);
        run.Bookings[run.Bookings.IndexOf(hold!)] = new ModelBooking(who, hold!.Pool);
        EndWaiting(run, who);
    }

    public void Join(ModelRun run, string person)
    {
        if (!run.IsOpen(Now) || run.HasLive(person))
        {
            return;
        }

        Serve(run);
        if (run.HasLive(person))
        {
            return;
        }

        if (!IsElsewhere(person, run) && run.Claim(OwnPool(person), "open") is { } pool)
        {
            Book(run, person, pool);
        }
        else if (!run.Entries.Exists(entry => entry.Who == person))
        {
            run.Entries.Add(new ModelEntry(person));
            Serve(run);
        }
    }

    public void Answer(ModelRun run, ModelEntry entry, WaitingListAnswer answer)
    {
        var isOffered = entry.OfferedUntil is not null;
        var isValid = entry.OfferedUntil > Now;
        var hold = run.Bookings.Find(booking => booking.Who == entry.Who && booking.HeldFor == "offer");
        switch (answer)
        {
            case WaitingListAnswer.Accept when isValid:
                run.Entries.Remove(entry);
                Settle(run, hold!, entry.Who);
                break;
            case WaitingListAnswer.Decline when isValid:
            case WaitingListAnswer.Withdraw when isOffered:
                Serve(run, run.End(hold!));
                break;
            case WaitingListAnswer.Withdraw:
                run.Entries.Remove(entry);
                break;
        }
    }

    /// <summary>Which pools the new seats belong to is the distribution key's business, and told.</summary>
    public void Raise(ModelRun run, IEnumerable<string> pools)
    {
        foreach (var pool in pools)
        {
            run.Free[pool]++;
        }

        Serve(run);
    }

    public void Sweep()
    {
        foreach (var run in Runs)
        {
            ExpireSignUps(run, _ => true);
        }

        foreach (var run in Runs)
        {
            Serve(run, [.. Over(run, "name").Select(run.End)]);
        }

        foreach (var (run, booking) in Runs.SelectMany(run => Over(run, "approval").Select(booking => (run, booking))))
        {
            Serve(run, run.End(booking));
        }

        foreach (var run in Runs.Where(run => run.IsPublished && !run.IsReleased && run.ReleaseAt <= Now).OrderBy(run => run.ReleaseAt))
        {
            run.Release();
            Serve(run);
        }

        foreach (var run in Runs)
        {
            Serve(run);
            var ended = run.Entries.Where(entry => entry.OfferedUntil <= Now).ToList();
            Serve(run, [.. ended.Select(entry => run.End(run.Bookings.Find(b => b.Who == entry.Who && b.HeldFor == "offer")!))]);
            if (!run.IsOpen(Now))
            {
                run.Entries.RemoveAll(entry => entry.OfferedUntil is null);
            }
        }

        Swaps.RemoveAll(swap => !CanBeAnswered(swap));
    }

    private IReadOnlyList<ModelBooking> Over(ModelRun run, string heldFor) =>
        [.. run.Bookings.Where(booking => booking.HeldFor == heldFor && booking.Until <= Now)];

    private void ExpireSignUps(ModelRun run, Predicate<ModelSignUp> which)
    {
        foreach (var signUp in run.SignUps.Where(signUp => signUp.Until <= Now && which(signUp)).ToList())
        {
            run.SignUps.Remove(signUp);
            if (!signUp.IsForPlace)
            {
                Serve(run, run.End(run.Bookings.Find(booking => booking.Who == signUp.Who && booking.HeldFor == "sign_up")!));
            }
        }
    }

    // Department a has a leader, the others have none to ask.
    private void Book(ModelRun run, string who, string pool)
    {
        run.Bookings.Add(run.Run.AsksLeader && OwnPool(who) == "a"
            ? new ModelBooking(who, pool, "approval", ApprovalEnd(run))
            : new ModelBooking(who, pool));
        EndWaiting(run, who);
    }

    // A seat that was held becomes this person's.
    private void Settle(ModelRun run, ModelBooking hold, string who)
    {
        run.Bookings.Remove(hold);
        Book(run, who, hold.Pool);
    }

    private static void EndWaiting(ModelRun run, string who) =>
        run.Entries.RemoveAll(entry => entry.Who == who && entry.OfferedUntil is null);

    private DateTimeOffset ApprovalEnd(ModelRun run)
    {
        var until = WorkingTime.Add(Now, AskLeader.WorkingHours, new WorkingHoursOptions(), Zone);
        return until < run.Times.StartsAt ? until : run.Times.StartsAt;
    }

    // The rule of order that is printed on the page: a given up seat goes to its own department's list, then everything to
    // whoever has waited longest for a seat that is there.
    private void Serve(ModelRun run, params IReadOnlyList<string> givenUp)
    {
        if (!run.IsOpen(Now))
        {
            return;
        }

        foreach (var pool in givenUp.Where(pool => pool != "open"))
        {
            ServeNext(run, entry => entry.Own == pool);
        }

        while (ServeNext(run, _ => true))
        {
        }
    }

    private bool ServeNext(ModelRun run, Func<ModelEntry, bool> isOnList)
    {
        var place = run.Entries.FindIndex(entry =>
            entry.OfferedUntil is null && isOnList(entry) && (run.Free[entry.Own] > 0 || run.Free["open"] > 0));
        if (place < 0)
        {
            return false;
        }

        var next = run.Entries[place];
        var pool = run.Claim(next.Own, "open")!;
        if (run.Run.Mode == "book" && !IsElsewhere(next.Who, run))
        {
            Book(run, next.Who, pool);
            return true;
        }

        var until = ServeWaitingList.OfferEnd(run.Times, Now, new WorkingHoursOptions(), Zone);
        run.Entries[place] = next with { OfferedUntil = until };
        run.Bookings.Add(new ModelBooking(next.Who, pool, "offer", until));
        return true;
    }

    private bool IsElsewhere(string who, ModelRun run, ModelRun? except = null) => Runs.Any(other =>
        other != run && other != except && other.Times.StartsAt < run.EndsAt && run.Times.StartsAt < other.EndsAt && other.HasLive(who));
}
