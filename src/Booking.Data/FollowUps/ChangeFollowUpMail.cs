using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.FollowUps;

/// <summary>
/// Turns one kind of mail after courses off for the reader of one, or on again. Works for as long as the link is kept, also when the
/// time for an answer is over. Saying the same twice changes nothing.
/// </summary>
public sealed class ChangeFollowUpMail(NpgsqlDataSource dataSource, FollowUpMailRepository mail, DecisionLog log)
{
    /// <summary>Changes it.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="isOn">Whether such mail is wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there is such a link.</returns>
    public async Task<bool> RunAsync(string token, bool isOn, CancellationToken cancellationToken)
    {
        if (await mail.FindChoiceAsync(LinkToken.Hash(token), cancellationToken) is not { } choice)
        {
            return false;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var changed = isOn
            ? await mail.DeleteOptOutAsync(transaction, choice.Email, choice.Kind, cancellationToken)
            : await mail.InsertOptOutAsync(transaction, choice.Email, choice.Kind, log.Now, cancellationToken);
        if (changed)
        {
            await log.RecordAsync(transaction, [Entry(choice, isOn)], cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private AuditEntry Entry(FollowUpMailChoice choice, bool isOn) => new()
    {
        At = log.Now,
        Actor = new Actor
        {
            Name = choice.Email,
            Role = choice switch
            {
                { Kind: FollowUpKinds.Leader } => ActorRoles.Leader,
                { IsEmployee: true } => ActorRoles.Participant,
                _ => ActorRoles.External,
            },
        },
        Action = isOn ? "follow_up.mail_on" : "follow_up.mail_off",
        Details = new Dictionary<string, object?> { ["follow_up"] = choice.Kind },
    };
}
