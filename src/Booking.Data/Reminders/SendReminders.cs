using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Npgsql;

namespace Booking.Data.Reminders;

/// <summary>
/// Reminds everybody with a seat seven days and one day before the run begins, at eight in the morning of the run's own clock.
/// Whoever got the seat after that moment was told just then and gets no reminder of it. After a stop the reminder is caught up on: the
/// first one until the second is due, the second until the run begins.
/// </summary>
public sealed class SendReminders(NpgsqlDataSource dataSource, ReminderRepository reminders, DecisionLog log)
{
    /// <summary>From seven days before the run until one day before it, when the other reminder takes the first one's place.</summary>
    public static TimeSpan CatchUpWindow { get; } = TimeSpan.FromDays(6);

    // So many in one transaction, that none is long when a whole country's courses begin on the same day.
    private const int Batch = 1_000;

    /// <summary>Writes all reminders that are due now.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        int written;
        do
        {
            written = await WriteBatchAsync(cancellationToken);
            total += written;
        }
        while (written == Batch);

        return total;
    }

    private async Task<int> WriteBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await reminders.ListDueAsync(transaction, log.Now, Batch, cancellationToken);
        await log.TellAsync(transaction, [.. due.Select(ToMessage)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return due.Count;
    }

    private OutboxMessage ToMessage(DueReminder reminder) => new()
    {
        Key = reminder.Key,
        Kind = OutboxKinds.BookingReminder,
        Queue = reminder.Key,
        RunId = reminder.RunId,
        BookingId = reminder.BookingId,
        RecipientEmail = reminder.Email,
        RecipientName = reminder.Name,
        Language = reminder.Language,
        Payload = JsonSerializer.Serialize(new { days = reminder.Days }),
        CreatedAt = log.Now,
    };
}
