using Dapper;
using Npgsql;

namespace Booking.Data.WaitingLists;

/// <summary>Finds out what stands between somebody who waits and a seat.</summary>
public sealed class WaitingExplanationRepository(NpgsqlDataSource dataSource)
{
    /// <summary>The run's seats as this person must see them.</summary>
    /// <param name="place">Who waits.</param>
    /// <param name="withNames">Whether the reader may see who has the department's seats; of no other department are names read.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<WaitingExplanation> ExplainAsync(WaitingPlace place, bool withNames, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var seats = await connection.QueryAsync<SeatInTheWay>(new CommandDefinition(
            """
            select seats.pool, seats.department_id, seats.status = 'free' as is_free,
                bookings.status, bookings.held_for, bookings.held_until,
                case when @withNames and bookings.department_id = @DepartmentId then people.name end as name
            from seats
            left join bookings on bookings.run_id = seats.run_id and bookings.seat_number = seats.number and bookings.status <> 'cancelled'
            left join people on people.person_id = bookings.person_id
            where seats.run_id = @RunId and seats.status <> 'closed'
            order by people.name collate "da-x-icu", seats.number
            """,
            new { withNames, place.DepartmentId, place.RunId },
            cancellationToken: cancellationToken));
        return WaitingExplanation.Of(place, [.. seats]);
    }
}

/// <summary>One seat of the run, and what it is taken by.</summary>
public sealed record SeatInTheWay
{
    /// <summary><c>department</c>, <c>external</c> or <c>open</c>.</summary>
    public required string Pool { get; init; }

    /// <summary>The department of a department's seat.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>Whether nobody has it.</summary>
    public required bool IsFree { get; init; }

    /// <summary>The booking's status; null for a free seat.</summary>
    public string? Status { get; init; }

    /// <summary>What a held seat waits for.</summary>
    public string? HeldFor { get; init; }

    /// <summary>Until when it is held.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Who has it, if the reader may know.</summary>
    public string? Name { get; init; }
}

/// <summary>What stands between somebody who waits and a seat: whose the seats are, and until when.</summary>
public sealed record WaitingExplanation
{
    /// <summary>Taken seats of the own pool.</summary>
    public required IReadOnlyList<SeatInTheWay> OwnTaken { get; init; }

    /// <summary>Free seats of the own pool: more than none only for the moment that it takes to give them away.</summary>
    public required int OwnFree { get; init; }

    /// <summary>Seats that other departments are guaranteed and have not used.</summary>
    public required int OthersUnused { get; init; }

    /// <summary>How many departments have such seats.</summary>
    public required int OthersDepartments { get; init; }

    /// <summary>Free seats that only external people can have; 0 for an external person, whose own they are.</summary>
    public required int ExternalUnused { get; init; }

    /// <summary>Seats open to everybody that are taken.</summary>
    public required int OpenTaken { get; init; }

    /// <summary>How many of those are only held.</summary>
    public required int OpenHeld { get; init; }

    /// <summary>When the first of those holds ends.</summary>
    public DateTimeOffset? OpenHeldUntil { get; init; }

    /// <summary>Free seats open to everybody.</summary>
    public required int OpenFree { get; init; }

    /// <summary>Sorts a run's seats by what they are to one who waits.</summary>
    /// <param name="place">Who waits.</param>
    /// <param name="seats">All seats of the run.</param>
    public static WaitingExplanation Of(WaitingPlace place, IReadOnlyList<SeatInTheWay> seats)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(seats);
        bool IsOwn(SeatInTheWay seat) =>
            place.DepartmentId is { } own ? seat.DepartmentId == own : seat.Pool == "external";
        var open = seats.Where(seat => seat.Pool == "open").ToList();
        var others = seats.Where(seat => seat.Pool == "department" && seat.IsFree && !IsOwn(seat)).ToList();
        var held = open.Where(seat => seat.Status == "held").ToList();
        return new WaitingExplanation
        {
            OwnTaken = [.. seats.Where(seat => IsOwn(seat) && !seat.IsFree)],
            OwnFree = seats.Count(seat => IsOwn(seat) && seat.IsFree),
            OthersUnused = others.Count,
            OthersDepartments = others.Select(seat => seat.DepartmentId).Distinct().Count(),
            ExternalUnused = seats.Count(seat => seat.Pool == "external" && seat.IsFree && !IsOwn(seat)),
            OpenTaken = open.Count(seat => !seat.IsFree),
            OpenHeld = held.Count,
            OpenHeldUntil = held.Min(seat => seat.HeldUntil),
            OpenFree = open.Count(seat => seat.IsFree),
        };
    }
}
