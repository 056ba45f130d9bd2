using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Outbox;

/// <summary>
/// Empties the outbox: claims a batch, delivers each message, and waits for the signal or for five seconds. It ends only with
/// the process; an outage of the database makes it wait and look again. As many work side by side as one likes, in one process
/// and on several nodes: the claim sees to it that no two have the same message or the same queue.
/// </summary>
public sealed class OutboxWorker(
    OutboxDelivery delivery,
    MailPace pace,
    DeliverMessages deliver,
    IMailTransport transport,
    OutboxSignal signal,
    IOptions<MailOptions> options,
    WorkerHeartbeat heartbeat,
    ILogger<OutboxWorker> logger)
{
    private const int Batch = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(20);

    private readonly Guid _workerId = Guid.NewGuid();

    private int? PerMinute => options.Value.PerMinute > 0 ? options.Value.PerMinute : null;

    /// <summary>Works until the process stops.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        logger.LogInformation("Worker {WorkerId} begins.", _workerId);
        // A mail that is on its way when the process stops gets some time to be answered for.
        using var lastMoment = new CancellationTokenSource();
        await using var stopping = stoppingToken.Register(() => lastMoment.CancelAfter(TimeToFinish));
        while (!stoppingToken.IsCancellationRequested)
        {
            heartbeat.Beat(_workerId);
            try
            {
                if (await DeliverBatchAsync(stoppingToken, lastMoment.Token) == 0)
                {
                    await transport.RestAsync(lastMoment.Token);
                    await signal.WaitAsync(Patience, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "The outbox cannot be worked on; looking again in {Seconds} s.", Patience.TotalSeconds);
                await PauseAsync(stoppingToken);
            }
        }

        await LeaveAsync();
    }

    /// <summary>Claims and delivers one batch, as large as pause and pace allow.</summary>
    /// <returns>How many messages were claimed.</returns>
    internal async Task<int> DeliverBatchAsync(CancellationToken stoppingToken, CancellationToken lastMoment)
    {
        var claimed = await ClaimAsync(stoppingToken);
        if (claimed.Count == Batch)
        {
            // A signal wakes one worker. Where there may be more than one batch of work, it wakes the next.
            signal.WakeHere();
        }

        if (claimed.Count > 0)
        {
            var tried = await deliver.RunAsync(claimed, transport, stoppingToken, lastMoment);
            await GiveTurnsBackAsync(claimed.Count - tried, lastMoment);
            heartbeat.Beat(_workerId);
        }

        return claimed.Count;
    }

    private async Task<IReadOnlyList<ClaimedMessage>> ClaimAsync(CancellationToken stoppingToken)
    {
        var turns = await pace.TakeTurnsAsync(Batch, PerMinute, stoppingToken);
        if (turns == 0)
        {
            return [];
        }

        var claimed = await delivery.ClaimDueAsync(turns, _workerId, stoppingToken);
        await GiveTurnsBackAsync(turns - claimed.Count, stoppingToken);
        return claimed;
    }

    // Only what reaches the mail server counts for its limit.
    private Task GiveTurnsBackAsync(int turns, CancellationToken cancellationToken) =>
        PerMinute is not null && turns > 0 ? pace.GiveBackAsync(turns, cancellationToken) : Task.CompletedTask;

    private async Task PauseAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(Patience, stoppingToken);
            // What an outage left claimed by this worker is tried again at once, not after the lease.
            await delivery.ReleaseAsync(_workerId, stoppingToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or Npgsql.NpgsqlException)
        {
            logger.LogDebug(exception, "Still nothing to work on.");
        }
    }

    private async Task LeaveAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await transport.CloseAsync(hurry.Token);
            await delivery.ReleaseAsync(_workerId, hurry.Token);
        }
        catch (Exception exception)
        {
            logger.LogInformation(exception, "The last claims could not be given back; they end by themselves.");
        }
    }
}
