using Booking.Data.Outbox;

namespace Booking.Jobs.Outbox;

/// <summary>Renders some kinds of mails that carry no calendar message. Each kind belongs to exactly one.</summary>
public interface IMailRenderer
{
    /// <summary>The kinds, of <see cref="OutboxKinds"/>.</summary>
    IReadOnlyCollection<string> Kinds { get; }

    /// <summary>Why a message need not be sent any more, or null; asked before every attempt, also those that would send kept bytes.</summary>
    Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Reads afresh and renders.</summary>
    Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken);
}
