using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Npgsql;

namespace Booking.Data.Attendance;

/// <summary>
/// Mails instructors the link that takes attendance: the day before the first session at eight in the morning of the run's own clock,
/// and, when marks are lacking, at eight on the day after the last session and two days later. After a stop the first is caught up on
/// until the last session ends; the questions for fourteen days, never two at once and the second no sooner than two days after the first.
/// </summary>
public sealed class AskForAttendance(NpgsqlDataSource dataSource, AttendanceQuestionRepository questions, DecisionLog log)
{
    /// <summary>Writes all mails that are due now.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = new List<DueQuestion>();
        due.AddRange(await questions.ListLinksAsync(transaction, log.Now, cancellationToken));
        due.AddRange(await questions.ListAsksAsync(transaction, log.Now, cancellationToken));
        await log.TellAsync(transaction, [.. due.Select(ToMessage)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return due.Count;
    }

    private OutboxMessage ToMessage(DueQuestion question) => new()
    {
        Key = question.Key,
        Kind = question.Ask is null ? OutboxKinds.AttendanceLink : OutboxKinds.AttendanceAsked,
        Queue = question.Key,
        RunId = question.RunId,
        RecipientEmail = question.Instructor,
        Language = null,
        Payload = JsonSerializer.Serialize(new { ask = question.Ask }),
        CreatedAt = log.Now,
    };
}
