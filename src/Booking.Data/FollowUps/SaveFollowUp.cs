using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.FollowUps;

/// <summary>What became of a form that was saved or sent.</summary>
public enum SaveFollowUpOutcome
{
    /// <summary>Kept; it can be gone on with by the same link.</summary>
    Saved,

    /// <summary>Sent in; it can be corrected while the link works.</summary>
    Sent,

    /// <summary>Something that must be answered is not; nothing was written.</summary>
    Incomplete,

    /// <summary>A free text is too long, or a choice is none of those offered; nothing was written.</summary>
    Invalid,

    /// <summary>The link's time is over, or attendance was corrected; nothing was written.</summary>
    Over,

    /// <summary>There is no such link.</summary>
    NotFound,
}

/// <summary>
/// Saves a form after a course, or sends it in. Leaves no row in the audit trail: who answered when, beside figures that change with
/// each answer, would tell what was answered.
/// </summary>
public sealed class SaveFollowUp(NpgsqlDataSource dataSource, FollowUpFormRepository forms, TimeProvider clock)
{
    /// <summary>Saves. A form that was sent in stays sent, so a correction of it must be complete, too.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="answer">Everything in the form; fields of other kinds are left out.</param>
    /// <param name="isSent">Whether it is finished.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SaveFollowUpOutcome> RunAsync(string token, FollowUpAnswer answer, bool isSent, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var form = await forms.FindForUpdateAsync(transaction, LinkToken.Hash(token), cancellationToken);
        var now = clock.GetUtcNow();
        var outcome = form switch
        {
            null => SaveFollowUpOutcome.NotFound,
            { BookingStatus: not "attended" } => SaveFollowUpOutcome.Over,
            _ when form.ExpiresAt <= now => SaveFollowUpOutcome.Over,
            _ when !answer.Of(form.Kind).IsValid => SaveFollowUpOutcome.Invalid,
            _ when !isSent && form.AnsweredAt is null => SaveFollowUpOutcome.Saved,
            _ when answer.Missing(form.Kind).Count > 0 => SaveFollowUpOutcome.Incomplete,
            _ => SaveFollowUpOutcome.Sent,
        };
        if (outcome is SaveFollowUpOutcome.Saved or SaveFollowUpOutcome.Sent)
        {
            DateTimeOffset? answeredAt = outcome == SaveFollowUpOutcome.Sent ? form!.AnsweredAt ?? now : null;
            await forms.UpdateAsync(transaction, form!.FormId, answer.Of(form.Kind), now, answeredAt, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return outcome;
    }
}
