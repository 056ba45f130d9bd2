using System.Diagnostics;
using Booking.Data.Schedules;
using Microsoft.Extensions.Logging;

namespace Booking.Jobs.Schedules;

/// <summary>The schedules that this process can run.</summary>
/// <param name="List">All of them.</param>
public sealed record ScheduleCatalogue(IReadOnlyList<Schedule> List);

/// <summary>What an engine calls: runs a schedule by its name, the only thing that engines store.</summary>
public sealed class ScheduleRunner(
    ScheduleCatalogue catalogue, RecordScheduleRun record, IServiceProvider services, ILogger<ScheduleRunner> logger)
{
    /// <summary>Runs one schedule and remembers how it went. An exception goes back to the engine.</summary>
    public async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        var schedule = catalogue.List.FirstOrDefault(schedule => schedule.Name == name);
        if (schedule is null)
        {
            // A node of an older version meets a job that a newer one registered.
            logger.LogWarning("Schedule {Schedule} is not known to this version; another node runs it.", name);
            return;
        }

        var began = Stopwatch.GetTimestamp();
        await record.BeginAsync(name, cancellationToken);
        try
        {
            await schedule.RunAsync(services, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await record.EndAsync(name, $"{exception.GetType().Name}: {exception.Message}", CancellationToken.None);
            throw;
        }

        await record.EndAsync(name, error: null, CancellationToken.None);
        logger.LogDebug("Schedule {Schedule} ran for {Milliseconds:0} ms.", name, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
}
