using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>
/// Tells the workers of this process and of the other nodes that the outbox has something new.
/// The notification leaves on its own connection, at most once per <see cref="NotifyInterval"/>, never inside the
/// transaction of a booking: a commit that carries a notification takes a lock that all such commits share, and
/// popular runs would be booked one at a time. Losing a signal costs seconds only; the workers also look by themselves.
/// </summary>
public sealed class OutboxSignal(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<OutboxSignal> logger)
{
    /// <summary>The PostgreSQL channel the workers listen on.</summary>
    public const string ChannelName = "outbox";

    /// <summary>The shortest time between two notifications to the other nodes.</summary>
    public static readonly TimeSpan NotifyInterval = TimeSpan.FromMilliseconds(200);

    // Room for one: a signal that nobody has taken yet stands for all that follow.
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private int _notifying;

    /// <summary>Says that messages were committed. Returns at once; call it after the commit, as often as you like.</summary>
    public void Wake()
    {
        WakeHere();
        if (Interlocked.Exchange(ref _notifying, 1) == 0)
        {
            _ = NotifyOthersAsync();
        }
    }

    /// <summary>Wakes the worker of this process only: what a listener does with a notification from elsewhere.</summary>
    public void WakeHere() => _woken.Writer.TryWrite(true);

    /// <summary>Waits for a signal, or for the time to look anyway.</summary>
    /// <param name="patience">How long to wait at most.</param>
    /// <param name="cancellationToken">Ends the wait when the process stops.</param>
    /// <returns>Whether there was a signal.</returns>
    public async Task<bool> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var patienceEnds = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patienceEnds.Token);
        try
        {
            return await _woken.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task NotifyOthersAsync()
    {
        try
        {
            // Waiting first lets one notification stand for every commit of the interval.
            await Task.Delay(NotifyInterval, clock);
            Volatile.Write(ref _notifying, 0);
            await using var command = dataSource.CreateCommand("select pg_notify('outbox', '')");
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or ObjectDisposedException or InvalidOperationException)
        {
            Volatile.Write(ref _notifying, 0);
            logger.LogWarning(exception, "The other nodes were not told of new mail; they will find it by themselves.");
        }
    }
}
