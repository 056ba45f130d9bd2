using System.Globalization;
using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Npgsql;

namespace Booking.Data.FollowUps;

/// <summary>
/// Asks those who attended the day after the last session, and after 30, 60 and 90 days, and their leaders after 60; reminds each
/// once, seven days after the mail has left, who has not answered by then. All at eight in the morning of the run's own clock, and
/// caught up on for <see cref="CatchUpWindow"/>. The row of the form is what makes each be asked once, on any number of nodes.
/// </summary>
public sealed class SendFollowUps(NpgsqlDataSource dataSource, FollowUpRepository followUps, DecisionLog log)
{
    // So many in one transaction, that none is long when a whole country's courses ended on the same day.
    private const int Batch = 1_000;

    /// <summary>
    /// How long after its moment a question or a reminder is still sent: attendance may be settled days after the last session, and the
    /// schedule may have stood still. What is later than this is left out for good.
    /// </summary>
    public static TimeSpan CatchUpWindow { get; } = TimeSpan.FromDays(14);

    /// <summary>Writes all questions and reminders that are due now.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken) =>
        await WriteAllAsync(followUps.InsertDueAsync, isReminder: false, cancellationToken)
        + await WriteAllAsync(followUps.MarkRemindedAsync, isReminder: true, cancellationToken);

    private delegate Task<IReadOnlyList<DueFollowUp>> Take(
        NpgsqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    private async Task<int> WriteAllAsync(Take take, bool isReminder, CancellationToken cancellationToken)
    {
        var total = 0;
        int written;
        do
        {
            written = await WriteBatchAsync(take, isReminder, cancellationToken);
            total += written;
        }
        while (written == Batch);

        return total;
    }

    private async Task<int> WriteBatchAsync(Take take, bool isReminder, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await take(transaction, log.Now, Batch, cancellationToken);
        await log.TellAsync(transaction, [.. due.Select(followUp => ToMessage(followUp, isReminder))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return due.Count;
    }

    // Question and reminder share a queue: the reminder never leaves first.
    private OutboxMessage ToMessage(DueFollowUp followUp, bool isReminder)
    {
        var kind = FollowUpKinds.Mail(followUp.Kind);
        return new OutboxMessage
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{kind}/{followUp.FormId}{(isReminder ? "/reminder" : "")}"),
            Kind = kind,
            Queue = string.Create(CultureInfo.InvariantCulture, $"f{followUp.FormId}"),
            RunId = followUp.RunId,
            BookingId = followUp.BookingId,
            RecipientEmail = followUp.Email,
            RecipientName = followUp.Name,
            Language = followUp.Language,
            Payload = JsonSerializer.Serialize(new { form = followUp.FormId, days = followUp.Days, reminder = isReminder }),
            CreatedAt = log.Now,
        };
    }
}
