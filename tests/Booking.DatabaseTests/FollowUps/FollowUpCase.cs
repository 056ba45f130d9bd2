using Booking.Data.FollowUps;
using Booking.DatabaseTests.Outbox;
using Booking.TestSupport;

namespace Booking.DatabaseTests.FollowUps;

/// <summary>
/// A run of two days with people on it whose attendance the test says. The last day is Friday 19 March 2027 until 14.30 UTC, so the
/// evaluation is due on Saturday 20 March at 8.00 in Copenhagen, 07:00 UTC; the clocks go forward on the 28th.
/// </summary>
internal sealed class FollowUpCase : IAsyncDisposable
{
    internal static readonly DateTimeOffset EvaluationDue = new(2027, 3, 20, 7, 0, 0, TimeSpan.Zero);
    internal static readonly DateTimeOffset Use30Due = new(2027, 4, 18, 6, 0, 0, TimeSpan.Zero);
    internal static readonly DateTimeOffset Use60Due = new(2027, 5, 18, 6, 0, 0, TimeSpan.Zero);
    internal static readonly DateTimeOffset Use90Due = new(2027, 6, 17, 6, 0, 0, TimeSpan.Zero);

    private FollowUpCase(TestDatabase database) => Database = database;

    internal TestDatabase Database { get; }

    internal TestData Data => Database.Data;

    internal long Department { get; private init; }

    internal long Course { get; private init; }

    internal long Run { get; private init; }

    internal static async Task<FollowUpCase> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync();
        var course = await database.Data.AddCourseAsync("K-1", "Ro & nærvær");
        return new FollowUpCase(database)
        {
            Department = await database.Data.AddDepartmentAsync("A", "Afdeling A"),
            Course = course,
            Run = await database.Data.AddRunAsync(course, "H-1", sessions: 2),
        };
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    /// <summary>Somebody on the run; the id of the booking.</summary>
    internal async Task<long> AddAsync(string status = "attended", string? email = null, string? leader = null, string? name = null, long? run = null)
    {
        var person = await Data.AddEmployeeAsync(Department, name, email, leader);
        await Data.AddSeatsAsync(run ?? Run, 1, Department);
        return await Data.ScalarAsync<long>(
            """
            with taken as (
                update seats set status = case when @status = 'cancelled' then 'free' else 'taken' end
                where run_id = @run and number = (select max(number) from seats where run_id = @run)
                returning number
            )
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at,
                cancelled_by, cancelled_at)
            select @run, number, @person, @Department, 'department', @status, 'secretary', 'sek@example.org', @now,
                case when @status = 'cancelled' then 'sek@example.org' end, case when @status = 'cancelled' then @now::timestamptz end
            from taken
            returning booking_id
            """,
            new { run = run ?? Run, person, Department, status, now = Database.Clock.GetUtcNow() });
    }

    internal async Task<int> AtAsync(DateTimeOffset instant)
    {
        Database.Clock.Set(instant);
        return await Database.Get<SendFollowUps>().RunAsync(CancellationToken.None);
    }

    /// <summary>What the mails in the outbox are: "evaluation 1", "use 30 reminder", in the order they were written.</summary>
    internal Task<IReadOnlyList<string>> MailsAsync() => Data.QueryAsync<string>(
        """
        select substr(kind, 11) || ' ' || (payload ->> 'days') || case when (payload ->> 'reminder')::boolean then ' reminder' else '' end
        from outbox order by outbox_id
        """);

    /// <summary>Delivers what is in the outbox; the case is disposed by the caller.</summary>
    internal async Task<MailCase> DeliverAsync()
    {
        var mail = MailCase.Over(Database);
        await mail.DeliverAsync();
        return mail;
    }

    /// <summary>Everything mailed up to a moment, and the secret of the link in the last mail to an address.</summary>
    internal async Task<string> TokenAsync(string email, DateTimeOffset at)
    {
        await AtAsync(at);
        await using var mail = await DeliverAsync();
        return MailCase.Token(mail.Server.TextTo(email), "/follow-up/");
    }
}
