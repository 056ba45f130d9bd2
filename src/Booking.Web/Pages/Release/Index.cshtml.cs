using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.Web.Desk;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Release;

/// <summary>
/// The personal link in a warning before the release: keep a department's unused seats or hand them back. Opening the link
/// changes nothing, because mail scanners open it, too; the choice in its address is only prepared here.
/// </summary>
/// <param name="links">What the link decides about.</param>
/// <param name="use">What can be done.</param>
/// <param name="clock">Now.</param>
/// <param name="texts">The reader's language.</param>
[AllowAnonymous]
public sealed class IndexModel(
    ReleaseWarningRepository links, DeskUseCases use, TimeProvider clock, IStringLocalizer<Strings> texts) : PageModel
{
    /// <summary><c>keep</c>, <c>hand_back</c>, or neither: both are shown.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Choice { get; set; }

    /// <summary>How many seats to keep.</summary>
    [BindProperty]
    public string? KeepCount { get; set; }

    /// <summary>Names of those who will come, when they are known.</summary>
    [BindProperty]
    public string? Lines { get; set; }

    /// <summary>How many seats to hand back.</summary>
    [BindProperty]
    public string? HandBackCount { get; set; }

    /// <summary>What the link decides about; null when it does not work.</summary>
    public ReleaseDecision? Decision { get; private set; }

    /// <summary>The run.</summary>
    public RunForBooking Run { get; private set; } = null!;

    /// <summary>Until when kept seats may be without names.</summary>
    public DateTimeOffset HeldUntil { get; private set; }

    /// <summary>What became of the wish; null before there was one.</summary>
    public string? Sentence { get; private set; }

    /// <summary>Whether anything changed.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What became of each name.</summary>
    public LineResultList? Results { get; private set; }

    /// <summary>Whether there is anything to decide.</summary>
    public bool IsOpen => Decision is { IsReleased: false, UnusedSeats: > 0 } && Run.Status == RunStatuses.Published;

    private Actor Actor => new()
    {
        Name = Decision!.Secretary,
        Role = ActorRoles.Secretary,
        DepartmentIds = [Decision.DepartmentId],
    };

    /// <summary>Shows what there is to decide.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(string token, CancellationToken cancellationToken)
    {
        await LoadAsync(token, cancellationToken);
        Prepare();
    }

    /// <summary>Decides.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string token, CancellationToken cancellationToken)
    {
        await LoadAsync(token, cancellationToken);
        if (Decision is not null && Choice is "keep" or "hand_back")
        {
            await (Choice == "keep" ? KeepAsync(cancellationToken) : HandBackAsync(cancellationToken));
            await LoadAsync(token, cancellationToken);
            if (ModelState.IsValid)
            {
                Prepare();
            }
        }

        return Page();
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var lines = PastedLine.Parse(Lines);
        if (Count(KeepCount, nameof(KeepCount)) is not { } seats)
        {
            return;
        }

        if (lines.Count > seats)
        {
            ModelState.AddModelError(nameof(Lines), texts["Release.TooManyLines"]);
            return;
        }

        var result = await use.Hold.RunAsync(
            new HoldRequest(Decision!.RunId, Decision.DepartmentId, seats, Actor) { OwnSeatsOnly = true }, cancellationToken);
        Say(result.Seats > 0, DeskSentences.Of(texts, result, Run.TimeZone));
        if (result.Seats > 0 && lines.Count > 0)
        {
            // What cannot be named now stays held, and can be named from the desk.
            Results = new LineResultList(await use.Name.RunAsync(
                new NameRequest(Decision.RunId, Decision.DepartmentId, lines, Actor), cancellationToken));
            Say(isDone: true, Named(result, Results.Named));
        }
    }

    private string Named(HoldResult result, int named)
    {
        var left = result.Seats - named;
        var sentence = texts[named == 1 ? "Desk.OneNamed" : "Desk.ManyNamed", named].Value;
        return left <= 0 ? sentence : $"{sentence} {DeskSentences.Of(texts, result with
        {
            Outcome = HoldOutcome.Held,
            OwnSeats = left,
            OpenSeats = 0,
        }, Run.TimeZone)}";
    }

    private async Task HandBackAsync(CancellationToken cancellationToken)
    {
        if (Count(HandBackCount, nameof(HandBackCount)) is not { } seats)
        {
            return;
        }

        var result = await use.HandBack.RunAsync(
            new HandBackRequest(Decision!.RunId, Decision.DepartmentId, seats, Actor), cancellationToken);
        Say(result.Seats > 0, DeskSentences.Of(texts, result));
    }

    private int? Count(string? text, string field)
    {
        var most = (int)Math.Clamp(Decision!.UnusedSeats, 1, DeskUseCases.MaximumSeats);
        var count = DeskUseCases.Count(text, most);
        if (count is null)
        {
            ModelState.AddModelError(field, texts["Desk.CountNeeded", most]);
        }

        return count;
    }

    private void Say(bool isDone, string sentence) => (IsDone, Sentence) = (isDone, sentence);

    // All unused seats, until the reader says otherwise.
    private void Prepare()
    {
        ModelState.Clear();
        Lines = null;
        KeepCount = HandBackCount = Decision?.UnusedSeats.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task LoadAsync(string token, CancellationToken cancellationToken)
    {
        Decision = await links.FindByTokenAsync(LinkToken.Hash(token), clock.GetUtcNow(), cancellationToken);
        if (Decision is not null)
        {
            Run = (await use.Runs.FindForBookingAsync(Decision.RunCode, cancellationToken))!;
            HeldUntil = await use.Held.GetHeldUntilAsync(Decision.RunId, cancellationToken);
        }
    }
}
