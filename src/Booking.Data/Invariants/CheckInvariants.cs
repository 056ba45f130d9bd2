using System.Data;
using System.Diagnostics;
using Dapper;
using Npgsql;

namespace Booking.Data.Invariants;

/// <summary>Looks over the whole database whether every invariant holds. Changes nothing, and sees one moment of it.</summary>
public sealed class CheckInvariants(NpgsqlDataSource dataSource, TimeProvider clock)
{
    private const int ShownExamples = 20;

    /// <summary>How many rules there are.</summary>
    public static int RuleCount => AllInvariants.List.Count;

    /// <summary>Looks at all rules, one query for each.</summary>
    /// <param name="patience">How long a free seat may stand beside somebody who waits, until the sweep comes by.</param>
    /// <param name="progress">Told before each rule; null when nobody listens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<InvariantReport> RunAsync(
        TimeSpan patience, IProgress<InvariantProgress>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var now = clock.GetUtcNow();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        // One snapshot for all rules: what is booked while this looks is neither half seen nor reported.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await PrepareAsync(transaction, cancellationToken);
        var bookings = await connection.ExecuteScalarAsync<long>(
            Command("select count(*) from bookings", new { }, transaction, cancellationToken));
        List<InvariantFinding> findings = [];
        foreach (var (number, invariant) in AllInvariants.List.Index())
        {
            progress?.Report(new InvariantProgress(number + 1, AllInvariants.List.Count, invariant.Rule));
            if (await LookAsync(transaction, invariant, now, patience, cancellationToken) is { } finding)
            {
                findings.Add(finding);
            }
        }

        return new InvariantReport
        {
            LookedAt = now,
            Elapsed = Stopwatch.GetElapsedTime(started),
            Rules = AllInvariants.List.Count,
            Bookings = bookings,
            Findings = findings,
        };
    }

    // Joins of millions of rows: sorted and hashed in memory as far as it goes, on disk beyond; no minutes spent on compiling.
    private static async Task PrepareAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "set transaction read only; set local work_mem = '64MB'; set local jit = off",
            transaction: transaction,
            cancellationToken: cancellationToken));

    private static async Task<InvariantFinding?> LookAsync(
        NpgsqlTransaction transaction, Invariant invariant, DateTimeOffset now, TimeSpan patience, CancellationToken cancellationToken)
    {
        var faults = (await transaction.Connection!.QueryAsync<Fault>(Command(
            $"""
            select count(*) over () as total, run_id, booking_id, what
            from ({invariant.Sql}) as fault
            order by run_id, booking_id, what
            limit {ShownExamples}
            """,
            new { now, patience },
            transaction,
            cancellationToken))).AsList();
        return faults.Count == 0
            ? null
            : new InvariantFinding
            {
                Rule = invariant.Rule,
                Fault = invariant.Fault,
                Count = faults[0].Total,
                Examples = [.. faults.Select(fault => new InvariantExample(fault.RunId, fault.BookingId, fault.What))],
            };
    }

    private static CommandDefinition Command(
        string sql, object parameters, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        new(sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellationToken);

    private sealed record Fault
    {
        public required long Total { get; init; }

        public long? RunId { get; init; }

        public long? BookingId { get; init; }

        public string? What { get; init; }
    }
}
