using Booking.Data.Swaps;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Swaps;

/// <summary>Swaps that a secretary's departments propose or are asked for.</summary>
/// <param name="swaps">The swaps.</param>
/// <param name="answerSwap">Answers one or takes it back.</param>
[Authorize(Policy = Policies.Secretary)]
public sealed class IndexModel(SwapRepository swaps, AnswerSwap answerSwap) : PageModel
{
    private const int MaximumSwaps = 100;

    /// <summary>Open ones first, then the latest.</summary>
    public IReadOnlyList<SwapView> Swaps { get; private set; } = [];

    /// <summary>The reader's departments.</summary>
    public IReadOnlyList<long> DepartmentIds => Person.DepartmentIds;

    /// <summary>Whether a proposal was just made.</summary>
    [BindProperty(SupportsGet = true, Name = "proposed")]
    public bool Proposed { get; set; }

    /// <summary>What became of an answer; null before one was given.</summary>
    public SwapOutcome? Outcome { get; private set; }

    private SignedInPerson Person => SignedInPerson.From(User)!;

    /// <summary>Shows the swaps.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) => await LoadAsync(cancellationToken);

    /// <summary>Answers a proposal or takes it back.</summary>
    /// <param name="reference">The swap.</param>
    /// <param name="answer">What is wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(Guid reference, SwapAnswer? answer, CancellationToken cancellationToken)
    {
        if (answer is not { } wanted || !Enum.IsDefined(wanted))
        {
            return NotFound();
        }

        Outcome = await answerSwap.RunAsync(
            new AnswerSwapRequest(reference, wanted, Person.ToActor(Roles.Secretary)), cancellationToken);
        Proposed = false;
        await LoadAsync(cancellationToken);
        return Outcome is SwapOutcome.NotFound ? NotFound() : Page();
    }

    private async Task LoadAsync(CancellationToken cancellationToken) =>
        Swaps = await swaps.ListAsync(Person.DepartmentIds, MaximumSwaps, cancellationToken);
}
