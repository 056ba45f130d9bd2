using Dapper;
using Npgsql;

namespace Booking.Data.Invitations;

/// <summary>The calendar events of bookings: one per booking and session.</summary>
public sealed class InvitationRepository
{
    /// <summary>Makes an event for every live session of a run for each of the bookings.</summary>
    /// <remarks>
    /// An import that drops or moves sessions has them locked. The share lock waits for it and then looks at each row again:
    /// a session that is cancelled by then gets no event. The foreign key alone would wait, too, and be content with the row.
    /// </remarks>
    internal async Task<IReadOnlyList<InvitationKey>> InsertAsync(
        NpgsqlTransaction transaction, long runId, IReadOnlyCollection<long> bookingIds, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<InvitationKey>(new CommandDefinition(
            """
            with live as (
                select session_id, number from sessions
                where run_id = @runId and cancelled_at is null
                order by session_id
                for share
            )
            insert into invitations (booking_id, session_id)
            select booking_id, live.session_id
            from unnest(@bookingIds) as booking_id
            cross join live
            order by booking_id, live.number
            returning booking_id, session_id, sequence
            """,
            new { runId, bookingIds = bookingIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Cancels the events of a booking, each with its sequence raised.</summary>
    internal async Task<IReadOnlyList<InvitationKey>> CancelAsync(
        NpgsqlTransaction transaction, long bookingId, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<InvitationKey>(new CommandDefinition(
            """
            update invitations set status = 'cancelled', sequence = sequence + 1
            where booking_id = @bookingId and status = 'active'
            returning booking_id, session_id, sequence
            """,
            new { bookingId },
            transaction,
            cancellationToken: cancellationToken))];
}

/// <summary>One event and the sequence it now has.</summary>
internal sealed record InvitationKey
{
    public required long BookingId { get; init; }

    public required long SessionId { get; init; }

    public required int Sequence { get; init; }
}
