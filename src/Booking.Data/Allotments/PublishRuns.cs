using Booking.Data.Audit;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>What became of one run that was to be published.</summary>
public enum PublishOutcome
{
    /// <summary>Its seats exist, each in its pool, and it is in the catalogue.</summary>
    Published,

    /// <summary>Refused, still a draft: the departments' minimums are more than its seats.</summary>
    MinimumsDoNotFit,

    /// <summary>There is no such draft: it was published before, cancelled, or never existed.</summary>
    NotDraft,
}

/// <summary>The outcome for one run.</summary>
public sealed record PublishResult
{
    /// <summary>The run asked for.</summary>
    public required long RunId { get; init; }

    /// <summary>What became of it.</summary>
    public required PublishOutcome Outcome { get; init; }

    /// <summary>The run's code; null when it is not a draft.</summary>
    public string? Code { get; init; }

    /// <summary>Why it was refused: seats, minimums and exact shares. Null unless refused.</summary>
    public ApportionmentResult? Arithmetic { get; init; }
}

/// <summary>
/// Publishes drafts in the order of their start: each run's seats are shared by the distribution key, with what the runs
/// before left to carry, and every seat gets its row and its pool.
/// </summary>
public sealed class PublishRuns(
    NpgsqlDataSource dataSource,
    RunPublishingRepository runs,
    SeatAccountRepository accounts,
    AllotmentRepository allotments,
    AuditRepository audit,
    TimeProvider clock)
{
    // Large enough that round trips do not count, small enough that one statement's arrays stay a few megabytes.
    private const int BatchSize = 500;

    /// <summary>Publishes in a transaction of its own.</summary>
    /// <returns>One result per run: the drafts in the order in which they were shared, then those that are no drafts.</returns>
    public async Task<IReadOnlyList<PublishResult>> RunAsync(
        IReadOnlyCollection<long> runIds, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var results = await RunAsync(transaction, runIds, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return results;
    }

    /// <summary>Publishes as part of the caller's transaction, such as a plan's import.</summary>
    internal async Task<IReadOnlyList<PublishResult>> RunAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<long> runIds, Actor actor, CancellationToken cancellationToken)
    {
        var drafts = await runs.LockDraftsAsync(transaction, runIds, cancellationToken);
        var years = new Dictionary<int, SeatAccounts>();
        foreach (var year in drafts.Select(draft => draft.PlanYear).Distinct().Order())
        {
            years[year] = await accounts.LockAsync(transaction, year, cancellationToken);
        }

        var results = new List<PublishResult>(runIds.Count);
        foreach (var batch in drafts.OrderBy(draft => draft.StartsAt).ThenBy(draft => draft.Code, StringComparer.Ordinal).Chunk(BatchSize))
        {
            results.AddRange(await PublishAsync(transaction, batch, years, actor, cancellationToken));
        }

        foreach (var year in years.Values)
        {
            await accounts.UpdateAsync(transaction, year, cancellationToken);
        }

        var known = drafts.Select(draft => draft.RunId).ToHashSet();
        results.AddRange(runIds.Distinct().Where(id => !known.Contains(id)).Order()
            .Select(id => new PublishResult { RunId = id, Outcome = PublishOutcome.NotDraft }));
        return results;
    }

    private async Task<IReadOnlyList<PublishResult>> PublishAsync(
        NpgsqlTransaction transaction, RunToPublish[] batch, Dictionary<int, SeatAccounts> years, Actor actor, CancellationToken cancellationToken)
    {
        var results = new List<PublishResult>(batch.Length);
        var allotted = new List<AllottedRun>(batch.Length);
        foreach (var run in batch)
        {
            var year = years[run.PlanYear];
            var arithmetic = year.Share(run.Capacity - run.ExternalSeats);
            var isRefused = arithmetic.Outcome == ApportionmentOutcome.MinimumsDoNotFit;
            results.Add(new PublishResult
            {
                RunId = run.RunId,
                Code = run.Code,
                Outcome = isRefused ? PublishOutcome.MinimumsDoNotFit : PublishOutcome.Published,
                Arithmetic = isRefused ? arithmetic : null,
            });
            if (!isRefused)
            {
                allotted.Add(AllottedRun.Of(run.RunId, 1, year, arithmetic, run.ExternalSeats));
            }
        }

        var now = clock.GetUtcNow();
        await allotments.InsertAsync(transaction, allotted, now, cancellationToken);
        await allotments.InsertSeatsAsync(transaction, allotted, cancellationToken);
        await runs.MarkPublishedAsync(transaction, [.. allotted.Select(run => run.RunId)], now, cancellationToken);
        await audit.InsertAsync(transaction, [.. allotted.Select(run => Entry(run, actor, now))], cancellationToken);
        return results;
    }

    private static AuditEntry Entry(AllottedRun run, Actor actor, DateTimeOffset now) => new()
    {
        At = now,
        Actor = actor,
        Action = "run.published",
        RunId = run.RunId,
        Details = run.Allotments.GroupBy(allotment => allotment.Pool)
            .ToDictionary(pool => $"{pool.Key}_seats", object? (pool) => pool.Sum(allotment => allotment.Seats)),
    };
}
