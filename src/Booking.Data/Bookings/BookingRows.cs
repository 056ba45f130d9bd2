using Booking.Data.Invitations;
using Booking.Data.Runs;

namespace Booking.Data.Bookings;

/// <summary>An employee who may be booked, and the live booking that stands in the way if there is one.</summary>
internal sealed record Candidate
{
    public required long PersonId { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public string? LeaderEmail { get; init; }

    public string? LeaderName { get; init; }

    public required string Language { get; init; }

    public long? DepartmentId { get; init; }

    public Guid? LiveBooking { get; init; }
}

/// <summary>What a held booking waits for, and until when.</summary>
internal sealed record NextHold(string For, DateTimeOffset Until);

internal sealed record NewBooking
{
    public required long RunId { get; init; }

    public required int SeatNumber { get; init; }

    public required long PersonId { get; init; }

    public long? DepartmentId { get; init; }

    public string? HeldFor { get; init; }

    public DateTimeOffset? HeldUntil { get; init; }

    public required string Source { get; init; }

    public required string BookedBy { get; init; }

    public required DateTimeOffset BookedAt { get; init; }

    public decimal? ExternalPrice { get; init; }

    public string? Ean { get; init; }

    public long? Replaces { get; init; }
}

/// <summary>People to be booked, in the order in which they get seats when there are too few.</summary>
internal sealed record NewBookings(
    long RunId, long DepartmentId, bool HasOwnSeats, string BookedBy, DateTimeOffset BookedAt, IReadOnlyList<long> PersonIds)
{
    /// <summary>Those whose seat is held until their leader has said yes.</summary>
    public IReadOnlyCollection<long> AwaitingApproval { get; init; } = [];

    /// <summary>Until when it is held for them.</summary>
    public DateTimeOffset? ApprovalUntil { get; init; }
}

/// <summary>What a reservation is decided on.</summary>
internal sealed record ReservationFacts(RunTimes? Run, IReadOnlyList<Candidate> Candidates, IReadOnlyList<Overlap> Overlaps);

internal sealed record NewHold(
    long RunId, int SeatNumber, DateTimeOffset HeldUntil, DateTimeOffset BookedAt, decimal? ExternalPrice, string? Ean);

internal sealed record Cancellation(long BookingId, string CancelledBy, DateTimeOffset CancelledAt, bool IsLate);

internal sealed record PlacedBooking(long BookingId, Guid Reference, int SeatNumber, string Pool);

/// <summary>One seat taken, its booking and one of the booking's calendar events; a run without sessions has none.</summary>
internal sealed record TakenSeat
{
    public required int SeatNumber { get; init; }

    public required string Pool { get; init; }

    public long? BookingId { get; init; }

    public Guid? Reference { get; init; }

    public long? PersonId { get; init; }

    public long? SessionId { get; init; }

    public int? Sequence { get; init; }
}

/// <summary>A new booking with its calendar events.</summary>
internal sealed record InsertedBooking
{
    public required long BookingId { get; init; }

    public required Guid Reference { get; init; }

    public required long PersonId { get; init; }

    public required int SeatNumber { get; init; }

    public required string Pool { get; init; }

    public required IReadOnlyList<InvitationKey> Events { get; init; }

    /// <summary>The bookings among seats that were taken, in the order of their numbers.</summary>
    public static IReadOnlyList<InsertedBooking> From(IEnumerable<TakenSeat> seats) =>
        [.. seats.Where(seat => seat.BookingId is not null).GroupBy(seat => seat.BookingId!.Value).Select(rows => new InsertedBooking
        {
            BookingId = rows.Key,
            Reference = rows.First().Reference!.Value,
            PersonId = rows.First().PersonId!.Value,
            SeatNumber = rows.First().SeatNumber,
            Pool = rows.First().Pool,
            Events = [.. rows.Where(row => row.SessionId is not null).Select(row =>
                new InvitationKey { BookingId = rows.Key, SessionId = row.SessionId!.Value, Sequence = row.Sequence!.Value })],
        })];
}

internal sealed record BookingForChange
{
    public const string Columns =
        """
        bookings.booking_id, bookings.reference, bookings.run_id, bookings.seat_number, bookings.pool, bookings.status,
        bookings.held_for, bookings.held_until, bookings.person_id, bookings.department_id, bookings.booked_by, bookings.source,
        bookings.external_price, bookings.ean,
        people.name as person_name, people.email as person_email, people.language
        """;

    public required long BookingId { get; init; }

    public required Guid Reference { get; init; }

    public required long RunId { get; init; }

    public required int SeatNumber { get; init; }

    public required string Pool { get; init; }

    public required string Status { get; init; }

    public string? HeldFor { get; init; }

    public DateTimeOffset? HeldUntil { get; init; }

    public long? PersonId { get; init; }

    public long? DepartmentId { get; init; }

    public required string BookedBy { get; init; }

    public required string Source { get; init; }

    public decimal? ExternalPrice { get; init; }

    public string? Ean { get; init; }

    public string? PersonName { get; init; }

    public string? PersonEmail { get; init; }

    public string? Language { get; init; }

    /// <summary>Whether somebody has the seat: booked, or waiting for the leader only. An unanswered offer is nobody's yet.</summary>
    public bool HasPerson => PersonId is not null && (Status == "booked" || (Status == "held" && HeldFor == Bookings.HeldFor.Approval));
}
