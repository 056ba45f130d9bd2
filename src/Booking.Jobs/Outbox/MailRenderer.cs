using System.Collections.Frozen;
using Booking.Data.Outbox;

namespace Booking.Jobs.Outbox;

/// <summary>Renders the mails that carry no calendar message, each by the renderer of its kind.</summary>
public sealed class MailRenderer(IEnumerable<IMailRenderer> renderers)
{
    // A dictionary refuses a kind that comes twice; made frozen at once, the last would win.
    private readonly FrozenDictionary<string, IMailRenderer> _byKind = renderers
        .SelectMany(renderer => renderer.Kinds.Select(kind => (Kind: kind, Renderer: renderer)))
        .ToDictionary(pair => pair.Kind, pair => pair.Renderer, StringComparer.Ordinal)
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kinds that somebody renders.</summary>
    public IReadOnlyCollection<string> Kinds => _byKind.Keys;

    /// <summary>Why a message need not be sent any more, or null; asked before every attempt, also those that would send kept bytes.</summary>
    public Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        Of(message).FindReasonToDiscardAsync(message, cancellationToken);

    /// <summary>Reads afresh and renders.</summary>
    public Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        Of(message).RenderAsync(message, cancellationToken);

    private IMailRenderer Of(ClaimedMessage message) =>
        _byKind.GetValueOrDefault(message.Kind)
        ?? throw new InvalidOperationException($"Nobody knows how to render '{message.Kind}'.");
}
