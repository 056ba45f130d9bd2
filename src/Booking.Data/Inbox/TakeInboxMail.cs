using System.Globalization;
using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Npgsql;

namespace Booking.Data.Inbox;

/// <summary>What became of a mail in the functional mailbox.</summary>
public enum TakeInboxMailOutcome
{
    /// <summary>It had its effect, or had none to have.</summary>
    Taken,

    /// <summary>It was a report or reply that could not be used, and was set aside.</summary>
    SetAside,

    /// <summary>It had been taken before.</summary>
    TakenBefore,
}

/// <summary>
/// Takes one mail of the functional mailbox, once: notes a failed address and tells the secretary, notes a calendar's answer, and asks
/// whoever declined whether the seat is to be released. The mailbox's position moves in the same transaction.
/// </summary>
public sealed class TakeInboxMail(NpgsqlDataSource dataSource, InboxRepository inbox, DecisionLog log)
{
    /// <summary>Takes a mail.</summary>
    /// <param name="at">Its place.</param>
    /// <param name="content">What it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TakeInboxMailOutcome> RunAsync(InboxPosition at, InboxContent content, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await inbox.AdvanceAsync(transaction, at, cancellationToken))
        {
            return TakeInboxMailOutcome.TakenBefore;
        }

        var reason = content switch
        {
            InboxContent.Failure failure => await TakeFailureAsync(transaction, failure, cancellationToken),
            InboxContent.Reply reply => await TakeReplyAsync(transaction, reply.Value, cancellationToken),
            InboxContent.Unusable unusable => unusable.Reason,
            _ => null,
        };
        if (reason is not null)
        {
            await inbox.SetAsideAsync(transaction, at, reason, log.Now, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return reason is null ? TakeInboxMailOutcome.Taken : TakeInboxMailOutcome.SetAside;
    }

    private async Task<string?> TakeFailureAsync(NpgsqlTransaction transaction, InboxContent.Failure failure, CancellationToken cancellationToken)
    {
        await inbox.MarkAddressFailedAsync(transaction, failure.Address, log.Now, cancellationToken);
        if (await inbox.FindBookingAsync(transaction, failure.OutboxId, cancellationToken) is { } booking)
        {
            await log.TellAsync(transaction, [ToSecretary(booking, failure)], cancellationToken);
        }

        return null;
    }

    private async Task<string?> TakeReplyAsync(NpgsqlTransaction transaction, CalendarReply reply, CancellationToken cancellationToken)
    {
        if (await inbox.MarkRepliedAsync(transaction, reply, log.Now, cancellationToken) is not { } booking)
        {
            return "The reply is to no invitation of this person's.";
        }

        // Whoever answers got the mail.
        await inbox.ForgetFailedAddressAsync(transaction, reply.Attendee, cancellationToken);
        if (reply.Answer == CalendarAnswers.Declined && booking.IsAhead)
        {
            await log.TellAsync(transaction, [ToParticipant(booking)], cancellationToken);
        }

        return null;
    }

    // One for each booking, however many of its mails come back.
    private OutboxMessage ToSecretary(FailedBooking booking, InboxContent.Failure failure)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{OutboxKinds.BookingUndelivered}/{booking.BookingId}");
        return new OutboxMessage
        {
            Key = key,
            Kind = OutboxKinds.BookingUndelivered,
            Queue = key,
            RunId = booking.RunId,
            BookingId = booking.BookingId,
            RecipientEmail = booking.Secretary,
            Language = null,
            Payload = JsonSerializer.Serialize(new { address = failure.Address.Address, words = failure.Address.Words }),
            CreatedAt = log.Now,
        };
    }

    // One for each version of the event: whoever declines again after it moved is asked again.
    private OutboxMessage ToParticipant(RepliedBooking booking)
    {
        var key = string.Create(
            CultureInfo.InvariantCulture, $"{OutboxKinds.BookingDeclined}/{booking.BookingId}/{booking.SessionId}/{booking.Sequence}");
        return new OutboxMessage
        {
            Key = key,
            Kind = OutboxKinds.BookingDeclined,
            Queue = key,
            RunId = booking.RunId,
            BookingId = booking.BookingId,
            RecipientEmail = booking.Email,
            RecipientName = booking.Name,
            Language = booking.Language,
            CreatedAt = log.Now,
        };
    }
}
