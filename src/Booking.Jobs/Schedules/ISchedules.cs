namespace Booking.Jobs.Schedules;

/// <summary>
/// The job engine, as far as the product knows it: it runs schedules, each on one node of the cluster at a time, and nothing
/// else. One of the three seams between the two stacks.
/// </summary>
public interface ISchedules
{
    /// <summary>Makes the engine's recurring jobs exactly these; what it had and is not among them is removed.</summary>
    Task RegisterAsync(IReadOnlyList<Schedule> schedules, CancellationToken cancellationToken);

    /// <summary>Runs one registered schedule now, on any node.</summary>
    Task TriggerAsync(string name, CancellationToken cancellationToken);

    /// <summary>When each registered schedule runs next, by its name.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> ListNextAsync(CancellationToken cancellationToken);
}
