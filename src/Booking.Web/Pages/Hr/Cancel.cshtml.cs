using System.ComponentModel.DataAnnotations;
using Booking.Data.Runs;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Hr;

/// <summary>HR cancels a run, with a reason that everybody will read.</summary>
/// <param name="runs">The run.</param>
/// <param name="cancelRun">Does it.</param>
/// <param name="clock">Now.</param>
/// <param name="texts">The reader's language.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class CancelModel(HrRunRepository runs, CancelRun cancelRun, TimeProvider clock, IStringLocalizer<Strings> texts) : PageModel
{
    /// <summary>The run.</summary>
    public HrRun Run { get; private set; } = null!;

    /// <summary>What is typed.</summary>
    [BindProperty]
    public CancelRunForm Form { get; set; } = new();

    /// <summary>Whether it can be cancelled.</summary>
    public bool IsOpen => Run.IsOpen(clock.GetUtcNow());

    /// <summary>What is said beside the box that confirms.</summary>
    public string? ConfirmError => ModelState.GetValueOrDefault("Form.IsSure")?.Errors.FirstOrDefault()?.ErrorMessage;

    /// <summary>Shows the form.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken) =>
        await LoadAsync(code, cancellationToken) ? Page() : NotFound();

    /// <summary>Cancels the run.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        if (!Form.IsSure)
        {
            ModelState.AddModelError("Form.IsSure", texts["HrCancel.NotSure"]);
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        var request = new CancelRunRequest(Run.RunId, Form.Reason!, SignedInPerson.From(User)!.ToActor(Roles.Hr));
        return (await cancelRun.RunAsync(request, cancellationToken)).Outcome switch
        {
            CancelRunOutcome.Cancelled or CancelRunOutcome.AlreadyCancelled => Redirect(RunModel.AddressOf(Run.RunCode, HrRunDone.Cancelled)),
            CancelRunOutcome.NotPublished or CancelRunOutcome.HasStarted => Refuse(texts["HrRun.NotOpen"]),
            CancelRunOutcome.Busy => Refuse(texts["HrRun.Busy"]),
        };
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

/// <summary>The fields of a cancellation.</summary>
public sealed class CancelRunForm
{
    /// <summary>Why, as everybody will read it.</summary>
    [Required(ErrorMessage = "HrCancel.ReasonMissing")]
    [StringLength(500, ErrorMessage = "HrCancel.ReasonTooLong")]
    public string? Reason { get; set; }

    /// <summary>It cannot be undone.</summary>
    public bool IsSure { get; set; }
}
