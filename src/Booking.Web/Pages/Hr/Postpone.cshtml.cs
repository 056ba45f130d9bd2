using Booking.Data.Runs;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Hr;

/// <summary>HR moves a run: first the page says what would happen, then it is done.</summary>
/// <param name="runs">The run.</param>
/// <param name="postponeRun">Does it.</param>
/// <param name="clock">Now.</param>
/// <param name="texts">The reader's language.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class PostponeModel(HrRunRepository runs, PostponeRun postponeRun, TimeProvider clock, IStringLocalizer<Strings> texts) : PageModel
{
    /// <summary>The run as it is.</summary>
    public HrRun Run { get; private set; } = null!;

    /// <summary>What is typed.</summary>
    [BindProperty]
    public PostponeForm Form { get; set; } = new();

    /// <summary>What would happen; null before it was asked.</summary>
    public PostponeCheck? Check { get; private set; }

    /// <summary>Whether it can be moved: published and not over.</summary>
    public bool CanMove => Run.Status == RunStatuses.Published && Run.EndsAt > clock.GetUtcNow() && Run.Sessions.Count > 0;

    /// <summary>Shows the form.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        Form = PostponeForm.Of(Run);
        return Page();
    }

    /// <summary>Says what would happen.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IActionResult> OnPostCheckAsync(string code, CancellationToken cancellationToken) => MoveAsync(code, isCheck: true, cancellationToken);

    /// <summary>Moves the run.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IActionResult> OnPostMoveAsync(string code, CancellationToken cancellationToken) => MoveAsync(code, isCheck: false, cancellationToken);

    private async Task<IActionResult> MoveAsync(string code, bool isCheck, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        // An import may have given the run other sessions meanwhile: then the form is made anew.
        if (!Form.Sessions.Select(fields => fields.SessionId).SequenceEqual(Run.Sessions.Select(session => session.SessionId)))
        {
            ModelState.Clear();
            Form = PostponeForm.Of(Run);
            return Refuse(texts["HrPostpone.ChangedMeanwhile"]);
        }

        var wish = Form.ToWish(Run, ModelState, texts);
        if (!ModelState.IsValid)
        {
            return Page();
        }

        var result = await postponeRun.RunAsync(
            new PostponeRequest(Run.RunId, wish, SignedInPerson.From(User)!.ToActor(Roles.Hr), isCheck), cancellationToken);
        return result.Outcome switch
        {
            PostponeOutcome.Moved when isCheck => Checked(result),
            PostponeOutcome.Moved => Redirect(RunModel.AddressOf(Run.RunCode, HrRunDone.Moved)),
            PostponeOutcome.Unchanged => Refuse(texts["HrPostpone.Unchanged"]),
            PostponeOutcome.Faulty => Faulty(result.Run!.Faults),
            PostponeOutcome.NotOpen => Refuse(texts["HrRun.NotOpen"]),
            PostponeOutcome.Busy => Refuse(texts["HrRun.Busy"]),
        };
    }

    private PageResult Checked(PostponeResult result)
    {
        Check = new PostponeCheck(Run, result, clock.GetUtcNow());
        return Page();
    }

    private PageResult Faulty(IReadOnlyList<PostponeFault> faults)
    {
        foreach (var fault in faults)
        {
            var part = fault.Kind == PostponeFaultKind.EndsBeforeStart ? "EndsAt" : "StartsAt";
            var field = fault.Deadline is { } deadline
                ? $"Form.{deadline}"
                : $"Form.Sessions[{Run.Sessions.Select(session => session.Number).ToList().IndexOf(fault.Session!.Value)}].{part}";
            ModelState.AddModelError(field, texts[$"HrPostpone.Fault.{fault.Kind}"]);
        }

        return Page();
    }

    private PageResult Refuse(string sentence)
    {
        ModelState.AddModelError("", sentence);
        return Page();
    }

    private async Task<bool> LoadAsync(string code, CancellationToken cancellationToken)
    {
        Run = (await runs.FindAsync(code, cancellationToken))!;
        return Run is not null;
    }
}
