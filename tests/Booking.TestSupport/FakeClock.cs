namespace Booking.TestSupport;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class FakeClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    /// <summary>Tests start here unless they say otherwise: a Monday morning in Copenhagen winter time.</summary>
    public static readonly DateTimeOffset Start = new(2027, 1, 11, 7, 0, 0, TimeSpan.Zero);

    public FakeClock() : this(Start)
    {
    }

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time) => _now += time;

    public void Set(DateTimeOffset instant) => _now = instant.ToUniversalTime();
}
