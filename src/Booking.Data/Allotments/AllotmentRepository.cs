using System.Globalization;
using Dapper;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>Who was guaranteed how many seats of a run, and by which arithmetic.</summary>
public sealed class AllotmentRepository(NpgsqlDataSource dataSource)
{
    /// <summary>The arithmetic of a run, round by round; null when there is no such run. A draft has no rounds.</summary>
    public async Task<RunArithmetic?> FindArithmeticAsync(string runCode, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var run = await connection.QuerySingleOrDefaultAsync<RunArithmetic>(new CommandDefinition(
            """
            select runs.code as run_code, courses.title as course_title, runs.plan_year, runs.starts_at, runs.time_zone,
                runs.capacity, runs.external_seats, runs.status, runs.released_at
            from runs
            join courses using (course_id)
            where runs.code = @runCode
            """,
            new { runCode },
            cancellationToken: cancellationToken));
        if (run is null)
        {
            return null;
        }

        var rows = await connection.QueryAsync<AllotmentRow>(new CommandDefinition(
            """
            select allotments.pool, departments.code, departments.name, allotments.seats, allotments.weight,
                allotments.total_weight, allotments.minimum_seats, allotments.shared_seats,
                allotments.carry_numerator::text, allotments.carry_denominator::text,
                allotments.guaranteed_before, allotments.allotted_at
            from allotments
            join runs using (run_id)
            left join departments using (department_id)
            where runs.code = @runCode
            order by allotments.allotted_at, departments.name collate "da-x-icu", allotments.allotment_id
            """,
            new { runCode },
            cancellationToken: cancellationToken));
        return run with { Rounds = [.. rows.GroupBy(row => row.AllottedAt).Select(AllotmentRow.ToRound)] };
    }

    internal async Task InsertAsync(
        NpgsqlTransaction transaction, IReadOnlyList<AllottedRun> runs, DateTimeOffset allottedAt, CancellationToken cancellationToken)
    {
        var rows = runs.SelectMany(run => run.Allotments, (run, allotment) => (Run: run, Allotment: allotment, allotment.Share)).ToList();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into allotments (run_id, pool, department_id, seats, weight, total_weight, minimum_seats, shared_seats,
                carry_numerator, carry_denominator, guaranteed_before, allotted_at)
            select run_id, pool, department_id, seats, weight, total_weight, minimum_seats, shared_seats,
                carry_numerator, carry_denominator, guaranteed_before, @allottedAt
            from unnest(@RunIds, @PoolNames, @DepartmentIds, @Seats, @Weights, @TotalWeights, @Minimums, @SharedSeats,
                    @CarryNumerators::numeric[], @CarryDenominators::numeric[], @GuaranteedBefore)
                as allotment (run_id, pool, department_id, seats, weight, total_weight, minimum_seats, shared_seats,
                    carry_numerator, carry_denominator, guaranteed_before)
            """,
            new
            {
                allottedAt,
                RunIds = rows.Select(row => row.Run.RunId).ToArray(),
                PoolNames = rows.Select(row => row.Allotment.Pool).ToArray(),
                DepartmentIds = rows.Select(row => row.Allotment.DepartmentId).ToArray(),
                Seats = rows.Select(row => row.Allotment.Seats).ToArray(),
                Weights = rows.Select(row => row.Share?.Department.Weight).ToArray(),
                TotalWeights = rows.Select(row => row.Share is null ? (long?)null : row.Run.TotalWeight).ToArray(),
                Minimums = rows.Select(row => row.Share?.Department.MinimumSeats).ToArray(),
                SharedSeats = rows.Select(row => row.Share is null ? (int?)null : row.Run.SharedSeats).ToArray(),
                CarryNumerators = rows.Select(row => row.Share?.CarryBefore.Numerator.ToString(CultureInfo.InvariantCulture)).ToArray(),
                CarryDenominators = rows.Select(row => row.Share?.CarryBefore.Denominator.ToString(CultureInfo.InvariantCulture)).ToArray(),
                GuaranteedBefore = rows.Select(row => row.Share?.Department.GuaranteedSeats).ToArray(),
            },
            transaction,
            cancellationToken: cancellationToken));
    }

    /// <summary>One seat row per chair, numbered on from the round's first number in the order of its allotments.</summary>
    internal async Task InsertSeatsAsync(
        NpgsqlTransaction transaction, IReadOnlyList<AllottedRun> runs, CancellationToken cancellationToken)
    {
        var ranges = runs.SelectMany(Ranges).ToList();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into seats (run_id, number, pool, department_id)
            select range.run_id, number, range.pool, range.department_id
            from unnest(@RunIds, @Firsts, @Lasts, @PoolNames, @DepartmentIds) as range (run_id, first, last, pool, department_id)
            cross join generate_series(range.first, range.last) as number
            """,
            new
            {
                RunIds = ranges.Select(range => range.RunId).ToArray(),
                Firsts = ranges.Select(range => range.First).ToArray(),
                Lasts = ranges.Select(range => range.First + range.Allotment.Seats - 1).ToArray(),
                PoolNames = ranges.Select(range => range.Allotment.Pool).ToArray(),
                DepartmentIds = ranges.Select(range => range.Allotment.DepartmentId).ToArray(),
            },
            transaction,
            cancellationToken: cancellationToken));
    }

    private static IEnumerable<SeatRange> Ranges(AllottedRun run)
    {
        var first = run.FirstNumber;
        foreach (var allotment in run.Allotments.Where(allotment => allotment.Seats > 0))
        {
            yield return new SeatRange(run.RunId, first, allotment);
            first += allotment.Seats;
        }
    }

    private sealed record SeatRange(long RunId, int First, Allotment Allotment);
}
