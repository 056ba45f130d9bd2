using System.Globalization;
using Booking.Data.Outbox;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Outbox;

/// <summary>The mail queue: how it stands, which mails are in it, and the buttons that hold all of it or try all of it again.</summary>
/// <param name="outbox">The queue.</param>
/// <param name="pauseMail">Pauses and resumes.</param>
/// <param name="retryMail">Tries again what was given up.</param>
[Authorize(Policy = Policies.Administrator)]
public sealed class IndexModel(OutboxListRepository outbox, PauseMail pauseMail, RetryMail retryMail) : PageModel
{
    private const int PageSize = 50;

    /// <summary>The statuses that can be chosen.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["pending", "dead", "sent", "discarded"];

    /// <summary>The status asked for; anything unknown is taken as all.</summary>
    [BindProperty(SupportsGet = true, Name = "status")]
    public string? Status { get; set; }

    /// <summary>The kind asked for; anything unknown is taken as all.</summary>
    [BindProperty(SupportsGet = true, Name = "kind")]
    public string? Kind { get; set; }

    /// <summary>The recipient's address asked for.</summary>
    [BindProperty(SupportsGet = true, Name = "to")]
    public string? To { get; set; }

    /// <summary>Where this page of the list begins; null for the newest.</summary>
    public long? Before { get; private set; }

    /// <summary>Where the next page begins; null on the last.</summary>
    public long? OlderThan { get; private set; }

    /// <summary>How the queue stands.</summary>
    public OutboxState State { get; private set; } = null!;

    /// <summary>The mails of this page.</summary>
    public IReadOnlyList<OutboxEntry> Mails { get; private set; } = [];

    /// <summary>How many mails were just put back into the queue; null when that was not asked for.</summary>
    [BindProperty(SupportsGet = true, Name = "retried")]
    public int? Retried { get; set; }

    /// <summary>Whether anything is narrowed down.</summary>
    public bool IsNarrowed => Status is not null || Kind is not null || To is not null;

    /// <summary>Shows a page of the queue.</summary>
    /// <param name="before">Only mails older than this one.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(string? before, CancellationToken cancellationToken)
    {
        Status = Statuses.Contains(Status) ? Status : null;
        Kind = OutboxKinds.All.Contains(Kind) ? Kind : null;
        To = string.IsNullOrWhiteSpace(To) ? null : To.Trim();
        Before = long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        var filter = new OutboxFilter { Status = Status, Kind = Kind, RecipientEmail = To, Before = Before };
        // One more than shown: it tells whether there is an older page.
        var mails = await outbox.ListAsync(filter, PageSize + 1, cancellationToken);
        Mails = [.. mails.Take(PageSize)];
        OlderThan = mails.Count > PageSize ? Mails[^1].OutboxId : null;
        State = await outbox.GetStateAsync(cancellationToken);
    }

    /// <summary>Holds all mail back.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostPauseAsync(CancellationToken cancellationToken)
    {
        await pauseMail.RunAsync(isPaused: true, Actor, cancellationToken);
        return RedirectToPage();
    }

    /// <summary>Lets mail go on.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostResumeAsync(CancellationToken cancellationToken)
    {
        await pauseMail.RunAsync(isPaused: false, Actor, cancellationToken);
        return RedirectToPage();
    }

    /// <summary>Tries everything again that was given up.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostRetryAsync(CancellationToken cancellationToken)
    {
        var retried = await retryMail.RunAllAsync(Actor, cancellationToken);
        return RedirectToPage(new { retried });
    }

    private Data.Audit.Actor Actor => SignedInPerson.From(User)!.ToActor(Roles.Administrator);
}
