namespace Booking.Jobs.Outbox;

/// <summary>When the worker of this process last came round, so that a stuck worker can be seen from outside.</summary>
public sealed class WorkerHeartbeat(TimeProvider clock)
{
    private long _ticks;

    /// <summary>The worker says that it is alive: at every turn of its loop, also when there was nothing to do.</summary>
    public void Beat() => Interlocked.Exchange(ref _ticks, clock.GetUtcNow().UtcTicks);

    /// <summary>How long ago that was; null before the first time.</summary>
    public TimeSpan? Age => Interlocked.Read(ref _ticks) is var ticks and > 0
        ? clock.GetUtcNow() - new DateTimeOffset(ticks, TimeSpan.Zero)
        : null;
}
