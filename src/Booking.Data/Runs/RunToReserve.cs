namespace Booking.Data.Runs;

/// <summary>A run that a secretary may take seats of.</summary>
public sealed record RunToReserve
{
    /// <summary>The run.</summary>
    public required RunForBooking Run { get; init; }

    /// <summary>The secretary's departments, by name.</summary>
    public required IReadOnlyList<DepartmentName> Departments { get; init; }

    internal IReadOnlyList<FreeOf> Free { get; init; } = [];

    /// <summary>The free seats that one of the departments could take; those of the external sectors are not counted.</summary>
    /// <param name="departmentId">The department.</param>
    public FreeSeats Left(long departmentId) => new() { Own = Count(departmentId), External = 0, Open = Count(null) };

    private long Count(long? departmentId) => Free.FirstOrDefault(free => free.DepartmentId == departmentId)?.Seats ?? 0;
}

/// <summary>Free seats of one department, or without one the open ones.</summary>
internal sealed record FreeOf
{
    public long? DepartmentId { get; init; }

    public required long Seats { get; init; }
}
