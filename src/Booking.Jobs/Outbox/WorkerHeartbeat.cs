using System.Collections.Concurrent;

namespace Booking.Jobs.Outbox;

/// <summary>When the workers of this process last came round, so that a stuck one can be seen from outside.</summary>
public sealed class WorkerHeartbeat(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _beats = [];

    /// <summary>A worker says that it is alive: at every turn of its loop, also when there was nothing to do.</summary>
    public void Beat(Guid workerId) => _beats[workerId] = clock.GetUtcNow();

    /// <summary>How long ago the one came round that has been silent longest; null before the first time.</summary>
    public TimeSpan? Age => _beats.Values is { Count: > 0 } beats ? clock.GetUtcNow() - beats.Min() : null;
}
