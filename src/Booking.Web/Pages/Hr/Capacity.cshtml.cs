using System.ComponentModel.DataAnnotations;
using Booking.Data.Runs;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Hr;

/// <summary>HR gives a run more or fewer seats.</summary>
/// <param name="runs">The run.</param>
/// <param name="changeCapacity">Does it.</param>
/// <param name="clock">Now.</param>
/// <param name="texts">The reader's language.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class CapacityModel(HrRunRepository runs, ChangeCapacity changeCapacity, TimeProvider clock, IStringLocalizer<Strings> texts) : PageModel
{
    /// <summary>The run.</summary>
    public HrRun Run { get; private set; } = null!;

    /// <summary>What is typed.</summary>
    [BindProperty]
    public CapacityForm Form { get; set; } = new();

    /// <summary>Whether it can be changed.</summary>
    public bool IsOpen => Run.IsOpen(clock.GetUtcNow());

    /// <summary>Free seats that are promised to nobody.</summary>
    public int FreeOpen => Run.Holders.Where(holder => holder.Pool == "open").Sum(holder => holder.Free);

    /// <summary>Free seats that are promised to the external sectors.</summary>
    public int FreeExternal => Run.Holders.Where(holder => holder.Pool == "external").Sum(holder => holder.Free);

    /// <summary>The fewest seats it can have without taking one from the sectors.</summary>
    public int Lowest => Math.Max(Run.Capacity - FreeOpen, 1);

    /// <summary>Shows the form.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        Form.To = Run.Capacity;
        return Page();
    }

    /// <summary>Changes the number of seats.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        var request = new ChangeCapacityRequest(
            Run.RunId, Form.From, Form.To!.Value, Form.AlsoExternal, SignedInPerson.From(User)!.ToActor(Roles.Hr));
        var result = await changeCapacity.RunAsync(request, cancellationToken);
        await LoadAsync(code, cancellationToken);
        return result.Outcome switch
        {
            ChangeCapacityOutcome.Raised => Redirect(RunModel.AddressOf(Run.RunCode, HrRunDone.Raised)),
            ChangeCapacityOutcome.Lowered => Redirect(RunModel.AddressOf(Run.RunCode, HrRunDone.Lowered)),
            ChangeCapacityOutcome.InTheWay => Refuse("Form.To", InTheWay(result)),
            ChangeCapacityOutcome.ChangedMeanwhile => Refuse("", texts["HrCapacity.ChangedMeanwhile", Run.Capacity]),
            ChangeCapacityOutcome.Unchanged => Refuse("Form.To", texts["HrCapacity.Unchanged", Run.Capacity]),
            ChangeCapacityOutcome.NotOpen => Refuse("", texts["HrRun.NotOpen"]),
        };
    }

    // The sums; the table under them names each department.
    private string InTheWay(ChangeCapacityResult result)
    {
        int Free(string pool) => result.Holders.Where(holder => holder.Pool == pool).Sum(holder => holder.Free);
        return texts[
            "HrCapacity.InTheWay", Form.To!.Value, result.Holders.Sum(holder => holder.Taken), Free("department"), Free("external"), Free("open")];
    }

    private PageResult Refuse(string field, string sentence)
    {
        ModelState.AddModelError(field, sentence);
        return Page();
    }

    private async Task<bool> LoadAsync(string code, CancellationToken cancellationToken)
    {
        Run = (await runs.FindAsync(code, cancellationToken))!;
        return Run is not null;
    }
}

/// <summary>The fields of a change of capacity.</summary>
public sealed class CapacityForm
{
    /// <summary>How many seats there were when the form was made.</summary>
    public int From { get; set; }

    /// <summary>How many there are to be.</summary>
    [Required(ErrorMessage = "HrCapacity.Invalid")]
    [Range(1, 5000, ErrorMessage = "HrCapacity.Invalid")]
    public int? To { get; set; }

    /// <summary>Whether free external seats may go.</summary>
    public bool AlsoExternal { get; set; }
}
