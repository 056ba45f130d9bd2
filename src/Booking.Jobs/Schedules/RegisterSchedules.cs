using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Booking.Jobs.Schedules;

/// <summary>Registers the schedules at start, trying again while the database is not there yet.</summary>
public sealed class RegisterSchedules(ISchedules schedules, ScheduleCatalogue catalogue, ILogger<RegisterSchedules> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await schedules.RegisterAsync(catalogue.List, stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(exception, "The schedules could not be registered; trying again in {Seconds} s.", Pause.TotalSeconds);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }
}
