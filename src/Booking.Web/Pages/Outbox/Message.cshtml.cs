using Booking.Data.Outbox;
using Booking.Web.Mail;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Outbox;

/// <summary>One mail of the queue: its attempts with the server's words, the rendered message, and what can be done about it.</summary>
/// <param name="outbox">The queue.</param>
/// <param name="retryMail">Tries it again.</param>
/// <param name="discardMail">Takes it out.</param>
[Authorize(Policy = Policies.Administrator)]
[ContentPolicy(ContentPolicy.Framing)]
public sealed class MessageModel(OutboxListRepository outbox, RetryMail retryMail, DiscardMail discardMail) : PageModel
{
    /// <summary>The mail.</summary>
    public OutboxDetails Details { get; private set; } = null!;

    /// <summary>The rendered message without its personal links' secrets; null when there are no bytes.</summary>
    public WrittenMail? Mail { get; private set; }

    /// <summary>What became of a button, as a key of the texts; null before one was pressed.</summary>
    public string? Answer { get; private set; }

    /// <summary>Whether the button did what it says.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether there is anything left to do about the mail.</summary>
    public bool CanDiscard => Details.Entry.Status is "pending" or "dead" && !Details.IsInHand;

    /// <summary>Whether it can be made due now: given up, or waiting for its next attempt.</summary>
    public bool CanRetry => CanDiscard && (Details.Entry.Status == "dead" || Details.Entry.Attempts > 0);

    /// <summary>Shows the mail.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public Task<IActionResult> OnGetAsync(long id, CancellationToken cancellationToken) => ShowAsync(id, cancellationToken);

    /// <summary>Tries it again.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostRetryAsync(long id, CancellationToken cancellationToken)
    {
        var outcome = await retryMail.RunAsync(id, Actor, cancellationToken);
        Answer = $"RetryMailOutcome.{outcome}";
        IsDone = outcome == RetryMailOutcome.Queued;
        return await ShowAsync(id, cancellationToken);
    }

    /// <summary>Takes it out of the queue.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostDiscardAsync(long id, CancellationToken cancellationToken)
    {
        var outcome = await discardMail.RunAsync(id, Actor, cancellationToken);
        Answer = $"DiscardMailOutcome.{outcome}";
        IsDone = outcome == DiscardMailOutcome.Discarded;
        return await ShowAsync(id, cancellationToken);
    }

    private Data.Audit.Actor Actor => SignedInPerson.From(User)!.ToActor(Roles.Administrator);

    private async Task<IActionResult> ShowAsync(long id, CancellationToken cancellationToken)
    {
        if (await outbox.FindAsync(id, cancellationToken) is not { } details)
        {
            return NotFound();
        }

        Details = details;
        Mail = details.Message is { } bytes ? WrittenMail.Read($"{id}", bytes).WithoutTokens() : null;
        return Page();
    }
}
