using Booking.Data.Runs;

namespace Booking.DatabaseTests.Histories;

/// <summary>A run's times as a history begins with them: a row of <c>runs</c>.</summary>
internal sealed record HistoryTimes
{
    public required long RunId { get; init; }

    public required string Code { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public required DateTimeOffset SignUpOpensAt { get; init; }

    public required DateTimeOffset SignUpClosesAt { get; init; }

    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    public required DateTimeOffset ReleaseAt { get; init; }

    public RunTimes Times => new()
    {
        RunId = RunId,
        RunCode = Code,
        Status = Status,
        StartsAt = StartsAt,
        SignUpOpensAt = SignUpOpensAt,
        SignUpClosesAt = SignUpClosesAt,
        CancellationDeadlineAt = CancellationDeadlineAt,
    };
}
