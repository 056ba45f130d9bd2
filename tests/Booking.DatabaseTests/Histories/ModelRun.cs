using Booking.Data.Bookings;
using Booking.Data.Runs;

namespace Booking.DatabaseTests.Histories;

/// <summary>
/// A live booking, as the model sees it. Who is an employee, an external person, the address of a held sign-up, or a seat
/// without a name ("a?").
/// </summary>
internal sealed record ModelBooking(string Who, string Pool, string HeldFor = "", DateTimeOffset? Until = null)
{
    /// <summary>A sign-up is nobody's seat before it is confirmed, and a seat without a name is nobody's at all.</summary>
    public bool IsPersons => HeldFor is not ("sign_up" or "name");

    /// <summary>Somebody has it for good, or waits for the leader only.</summary>
    public bool IsSettled => HeldFor is "" or "approval";

    /// <summary>Whose guaranteed seats it may use: "a", "b" or "external".</summary>
    public string Own => Model.OwnPool(Who);
}

/// <summary>A live waiting list entry: it waits, or has an offer until then.</summary>
internal sealed record ModelEntry(string Who, DateTimeOffset? OfferedUntil = null)
{
    public string Own => Model.OwnPool(Who);
}

/// <summary>An external sign-up that can still be confirmed, or only looks like one (answered); for a seat or for a place on the list.</summary>
internal sealed record ModelSignUp(string Who, bool IsAnswered, DateTimeOffset Until, bool IsForPlace = false);

/// <summary>A proposal that nobody has answered.</summary>
internal sealed record ModelSwap(string From, string To, ModelRun Offered, int OfferedSeats, ModelRun? Wanted, int WantedSeats, DateTimeOffset Until);

/// <summary>One run: free seats by pool, bookings, sign-ups and the list, and the few rules that concern one run only.</summary>
internal sealed class ModelRun(HistoryRun run, RunTimes times, DateTimeOffset endsAt, DateTimeOffset releaseAt)
{
    public HistoryRun Run => run;

    public RunTimes Times { get; set; } = times;

    public DateTimeOffset EndsAt { get; set; } = endsAt;

    public DateTimeOffset ReleaseAt { get; set; } = releaseAt;

    public bool IsReleased { get; private set; }

    public bool IsPublished => Times.Status == RunStatuses.Published;

    public Dictionary<string, int> Free { get; } = new() { ["a"] = run.A, ["b"] = run.B, ["external"] = run.External, ["open"] = run.Open };

    /// <summary>In the order in which they were made, or their leaders asked.</summary>
    public List<ModelBooking> Bookings { get; } = [];

    public List<ModelEntry> Entries { get; } = [];

    public List<ModelSignUp> SignUps { get; } = [];

    public bool IsOpen(DateTimeOffset now) => BookingRules.SignUp(Times, now) is SignUpState.Open;

    public bool HasLive(string who) => Bookings.Exists(booking => booking.Who == who && booking.IsPersons);

    /// <summary>Takes a seat of the first of these pools that has one.</summary>
    public string? Claim(params IEnumerable<string> pools)
    {
        var pool = pools.FirstOrDefault(candidate => Free[candidate] > 0);
        if (pool is not null)
        {
            Free[pool]--;
        }

        return pool;
    }

    public void GiveBack(string pool) => Free[IsReleased ? "open" : pool]++;

    /// <summary>Ends a booking with what hangs on it.</summary>
    /// <returns>The pool of its seat.</returns>
    public string End(ModelBooking booking)
    {
        Bookings.Remove(booking);
        GiveBack(booking.Pool);
        Entries.RemoveAll(entry => entry.Who == booking.Who && entry.OfferedUntil is not null && booking.HeldFor == "offer");
        SignUps.RemoveAll(signUp => signUp.Who == booking.Who && booking.HeldFor == "sign_up");
        return booking.Pool;
    }

    public void Release()
    {
        IsReleased = true;
        foreach (var pool in (string[])["a", "b", "external"])
        {
            Free["open"] += Free[pool];
            Free[pool] = 0;
        }
    }

    /// <summary>Nothing is left of it but its name.</summary>
    public void Cancel()
    {
        Times = Times with { Status = RunStatuses.Cancelled };
        Bookings.Clear();
        Entries.Clear();
        SignUps.Clear();
        foreach (var pool in Free.Keys.ToList())
        {
            Free[pool] = 0;
        }
    }

    /// <summary>As <see cref="HistoryDatabase.DescribeAsync"/> says it of the database.</summary>
    public IEnumerable<string> Describe() =>
    [
        $"{run.Code} {Times.Status} {Times.StartsAt:u} closes {Times.SignUpClosesAt:u} deadline {Times.CancellationDeadlineAt:u} release {ReleaseAt:u}",
        $"{run.Code} free: {string.Join(' ', Free.Where(pool => pool.Value > 0).OrderBy(pool => pool.Key, StringComparer.Ordinal).Select(pool => $"{pool.Key}={pool.Value}"))}",
        .. Bookings.Select(booking => $"{run.Code} {booking.Who} has {booking.Pool} {booking.HeldFor} {booking.Until:u}").Order(StringComparer.Ordinal),
        .. Entries.Select((entry, place) => $"{run.Code} {place + 1} {entry.Who} {entry.OfferedUntil:u}"),
    ];
}
