using Booking.Jobs.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Outbox;

/// <summary>The workers of this process, as many as are configured. They stop together, so that stopping takes no longer with more of them.</summary>
public sealed class OutboxWorkers(IServiceProvider services, IOptions<MailOptions> options) : BackgroundService
{
    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Workers)
            .Select(_ => services.GetRequiredService<OutboxWorker>().RunAsync(stoppingToken)));
}
