namespace Booking.Data.Allotments;

/// <summary>The pools of a seat, as stored.</summary>
internal static class Pools
{
    internal const string Department = "department";
    internal const string External = "external";
    internal const string Open = "open";
}

/// <summary>What one pool got in one round, with the arithmetic when it is a department: a row of <c>allotments</c>.</summary>
internal sealed record Allotment
{
    public required string Pool { get; init; }

    public required int Seats { get; init; }

    public long? DepartmentId { get; init; }

    /// <summary>The department's part of the arithmetic; null for the other pools.</summary>
    public DepartmentShare? Share { get; init; }
}

/// <summary>One round of seats for one run: what each pool got, and the seat numbers that follow from it.</summary>
internal sealed record AllottedRun
{
    public required long RunId { get; init; }

    /// <summary>Number of the round's first seat.</summary>
    public required int FirstNumber { get; init; }

    /// <summary>In the order of the seat numbers: departments by code, external, open.</summary>
    public required IReadOnlyList<Allotment> Allotments { get; init; }

    /// <summary>Seats that were shared among the departments.</summary>
    public required int SharedSeats { get; init; }

    public required long TotalWeight { get; init; }

    internal static AllottedRun Of(long runId, int firstNumber, SeatAccounts accounts, ApportionmentResult result, int externalSeats) => new()
    {
        RunId = runId,
        FirstNumber = firstNumber,
        SharedSeats = result.Seats,
        TotalWeight = result.TotalWeight,
        Allotments =
        [
            .. result.Departments.Select(share => new Allotment
            {
                Pool = Pools.Department,
                Seats = share.Seats,
                DepartmentId = accounts.DepartmentId(share.Code),
                Share = share,
            }),
            .. Others(Pools.External, externalSeats),
            .. Others(Pools.Open, result.OpenSeats),
        ],
    };

    /// <summary>Seats added after the release: nobody is guaranteed any of them.</summary>
    internal static AllottedRun OpenOnly(long runId, int firstNumber, int seats) => new()
    {
        RunId = runId,
        FirstNumber = firstNumber,
        SharedSeats = 0,
        TotalWeight = 0,
        Allotments = [.. Others(Pools.Open, seats)],
    };

    /// <summary>Seats that exist and now belong to the external sectors: an allotment without new seats.</summary>
    internal static AllottedRun ExternalOnly(long runId, int seats) => new()
    {
        RunId = runId,
        FirstNumber = 0,
        SharedSeats = 0,
        TotalWeight = 0,
        Allotments = [.. Others(Pools.External, seats)],
    };

    private static IEnumerable<Allotment> Others(string pool, int seats) =>
        seats > 0 ? [new Allotment { Pool = pool, Seats = seats }] : [];
}
