using Dapper;
using Npgsql;

namespace Booking.Data.FollowUps;

/// <summary>Forms after a course as those who answer them see them, by the personal link.</summary>
public sealed class FollowUpFormRepository(NpgsqlDataSource dataSource)
{
    /// <summary>The form behind a link, also one whose time is over; null when there is no such link.</summary>
    /// <param name="tokenHash">SHA-256 of the token; see <see cref="Bookings.LinkToken"/>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<FollowUpForm?> FindByTokenAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<FollowUpForm, FollowUpAnswer, FollowUpForm>(
            new CommandDefinition(
                """
                select follow_up_forms.form_id, follow_up_forms.kind, days, courses.title as course_title, courses.learning_goals,
                    runs.code as run_code, runs.starts_at, runs.ends_at, runs.time_zone, people.name as person_name,
                    bookings.status as booking_status, links.expires_at, saved_at, answered_at,
                    barriers, overall, relevance, goals, recommends, best, better, used, frequency, shared, help
                from links
                join follow_up_forms on follow_up_forms.form_id = links.form_id
                join bookings on bookings.booking_id = follow_up_forms.booking_id
                join people on people.person_id = bookings.person_id
                join runs on runs.run_id = bookings.run_id
                join courses on courses.course_id = runs.course_id
                where links.token_hash = @tokenHash and links.purpose = 'follow_up.answer' and links.revoked_at is null
                """,
                new { tokenHash },
                cancellationToken: cancellationToken),
            static (form, answer) => form with { Answer = answer },
            splitOn: "barriers")).SingleOrDefault();
    }

    /// <summary>Locks the form behind a link, and its booking, so that attendance is not changed under an answer.</summary>
    internal async Task<FollowUpToSave?> FindForUpdateAsync(
        NpgsqlTransaction transaction, byte[] tokenHash, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<FollowUpToSave>(new CommandDefinition(
            """
            select follow_up_forms.form_id, kind, bookings.status as booking_status, links.expires_at, answered_at
            from links
            join follow_up_forms on follow_up_forms.form_id = links.form_id
            join bookings on bookings.booking_id = follow_up_forms.booking_id
            where links.token_hash = @tokenHash and links.purpose = 'follow_up.answer' and links.revoked_at is null
            for no key update of follow_up_forms
            for share of bookings
            """,
            new { tokenHash },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Writes what is answered so far; a form that was sent in stays so.</summary>
    internal async Task UpdateAsync(
        NpgsqlTransaction transaction, long formId, FollowUpAnswer answer, DateTimeOffset now, DateTimeOffset? answeredAt,
        CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update follow_up_forms
            set saved_at = @now, answered_at = @answeredAt,
                overall = @Overall, relevance = @Relevance, goals = @Goals, recommends = @Recommends, best = @Best, better = @Better,
                used = @Used, frequency = @Frequency, barriers = @Barriers, shared = @Shared, help = @Help
            where form_id = @formId
            """,
            new
            {
                formId,
                now,
                answeredAt,
                answer.Overall,
                answer.Relevance,
                answer.Goals,
                answer.Recommends,
                answer.Best,
                answer.Better,
                answer.Used,
                answer.Frequency,
                answer.Barriers,
                answer.Shared,
                answer.Help,
            },
            transaction,
            cancellationToken: cancellationToken));
}

internal sealed record FollowUpToSave
{
    public required long FormId { get; init; }

    public required string Kind { get; init; }

    public required string BookingStatus { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }
}
