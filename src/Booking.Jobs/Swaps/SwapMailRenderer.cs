using System.Globalization;
using System.Text.Json;
using Booking.Data.Outbox;
using Booking.Data.Swaps;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Swaps;

/// <summary>Renders what secretaries are told of swaps.</summary>
public sealed class SwapMailRenderer(SwapRepository swaps, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } =
        [OutboxKinds.SwapProposed, OutboxKinds.SwapAnswered, OutboxKinds.SwapWithdrawn, OutboxKinds.SwapRunCancelled];

    /// <summary>Why a message need not be sent any more, or null: a proposal that cannot be answered is not told.</summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != OutboxKinds.SwapProposed)
        {
            return null;
        }

        var swap = await SwapAsync(message, cancellationToken);
        return swap.Status == SwapStatuses.Proposed && swap.ExpiresAt > clock.GetUtcNow()
            ? null
            : "The proposal was answered, taken back or over before the mail left.";
    }

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        var swap = await SwapAsync(message, cancellationToken);
        words.With("from_department", swap.FromDepartment)
            .With("to_department", swap.ToDepartment)
            .With("offered", Seats(swap.OfferedSeats, message.Language))
            .With("offered_run", $"{swap.OfferedCourse} ({swap.OfferedRun}), {words.Times.Moment(swap.OfferedStartsAt)}")
            .With("wanted", swap.WantedSeats > 0 ? Seats(swap.WantedSeats, message.Language) : "")
            .With("wanted_run", swap.WantedStartsAt is { } starts ? $"{swap.WantedCourse} ({swap.WantedRun}), {words.Times.Moment(starts)}" : "")
            .With("cancelled_run", CancelledRun(swap))
            .With("until", words.Times.Moment(swap.ExpiresAt))
            .With("is_accepted", MailWords.Flag(swap.Status == SwapStatuses.Accepted))
            .With("is_declined", MailWords.Flag(swap.Status == SwapStatuses.Declined))
            .With("is_expired", MailWords.Flag(swap.Status == SwapStatuses.Expired))
            .With("swaps_link", address.Of("/swaps"));
        return new RenderedMessage { Bytes = writer.Write(message, message.RecipientName, words.Values) };
    }

    private async Task<SwapView> SwapAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        return await swaps.GetAsync(payload.RootElement.GetProperty("swap").GetInt64(), cancellationToken);
    }

    private static string CancelledRun(SwapView swap) =>
        swap.IsOfferedRunCancelled ? $"{swap.OfferedCourse} ({swap.OfferedRun})" : $"{swap.WantedCourse} ({swap.WantedRun})";

    private static string Seats(int count, string language) =>
        $"{count.ToString(CultureInfo.InvariantCulture)} {(language, count) switch
        {
            ("en", 1) => "seat",
            ("en", _) => "seats",
            (_, 1) => "plads",
            _ => "pladser",
        }}";
}
