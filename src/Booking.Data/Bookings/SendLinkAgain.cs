using System.Globalization;
using Booking.Data.Audit;
using Booking.Data.Outbox;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Somebody's wish for the link of a sign-up that waits for its confirmation.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Email">The address; the link goes there or nowhere.</param>
public sealed record LinkRequest(long RunId, string Email);

/// <summary>
/// Sends the link of a waiting sign-up, or of an open offer, again, also when the run is full by now. It has no outcome on purpose: whoever asks is
/// told the same whether or not the address is known, and the same statements and the same commit stand behind both.
/// </summary>
public sealed class SendLinkAgain(NpgsqlDataSource dataSource, SignUpRepository signUps, DecisionLog log)
{
    internal const string Asked = "sign_up.link_asked";

    private static readonly Actor External = new() { Name = "external", Role = ActorRoles.External };

    /// <summary>Queues the mail if there is a sign-up to confirm or an offer to accept.</summary>
    public async Task RunAsync(LinkRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SendAsync(transaction, request, Asked, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
    }

    /// <summary>Does it in the transaction of a decision. One trail row comes of it either way, so that either way a commit is written.</summary>
    /// <param name="transaction">The decision's transaction.</param>
    /// <param name="request">Which sign-up.</param>
    /// <param name="action">What the trail says was done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task SendAsync(NpgsqlTransaction transaction, LinkRequest request, string action, CancellationToken cancellationToken)
    {
        var waiting = await signUps.ListPendingAsync(transaction, request, log.Now, cancellationToken);
        var offer = await signUps.FindOfferAsync(transaction, request, log.Now, cancellationToken);
        // One fresh link a minute: pressing the button in a row, or somebody else's program pressing it, fills no mailbox.
        var minute = log.Now.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        await log.TellBehindAsync(
            transaction,
            [
                .. waiting.Select(signUp => BookingMessages.SignUp(OutboxKinds.SignUpConfirm, $"/{minute}", signUp, log.Now)),
                .. offer is null ? Array.Empty<OutboxMessage>() : [WaitingListMessages.Again(offer, minute, log.Now)],
            ],
            cancellationToken);
        await log.RecordAsync(
            transaction, [new AuditEntry { At = log.Now, Actor = External, Action = action, RunId = request.RunId }], cancellationToken);
    }
}
