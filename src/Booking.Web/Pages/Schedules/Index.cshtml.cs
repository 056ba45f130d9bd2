using Booking.Data.Schedules;
using Booking.Jobs.Schedules;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Schedules;

/// <summary>One schedule with what is known of its runs.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Latest">Its latest run; null when it has never run.</param>
/// <param name="NextAt">When it runs next; null when the job engine does not know it.</param>
public sealed record ScheduleLine(Schedule Schedule, ScheduleRun? Latest, DateTimeOffset? NextAt);

/// <summary>Every schedule: when it ran, when it runs next, what was wrong, and a button to run it now.</summary>
/// <param name="catalogue">The schedules.</param>
/// <param name="runs">What became of them.</param>
/// <param name="engine">The job engine.</param>
/// <param name="log">Writes who started one by hand.</param>
/// <param name="logger">For an engine that cannot be asked.</param>
[Authorize(Policy = Policies.Administrator)]
public sealed class IndexModel(
    ScheduleCatalogue catalogue, ScheduleRunRepository runs, ISchedules engine, LogScheduleStart log, ILogger<IndexModel> logger) : PageModel
{
    /// <summary>All schedules, in the order of the code's one page.</summary>
    public IReadOnlyList<ScheduleLine> Lines { get; private set; } = [];

    /// <summary>The schedule that was just started by hand.</summary>
    [BindProperty(SupportsGet = true, Name = "started")]
    public string? Started { get; set; }

    /// <summary>Shows the schedules.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var latest = (await runs.ListAsync(cancellationToken)).ToDictionary(run => run.Name, StringComparer.Ordinal);
        var next = await ListNextAsync(cancellationToken);
        Started = catalogue.List.Any(schedule => schedule.Name == Started) ? Started : null;
        Lines =
        [
            .. catalogue.List.Select(schedule => new ScheduleLine(
                schedule,
                latest.GetValueOrDefault(schedule.Name),
                next.TryGetValue(schedule.Name, out var at) ? at : null)),
        ];
    }

    /// <summary>Starts one now, on any node.</summary>
    /// <param name="name">Which one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string? name, CancellationToken cancellationToken)
    {
        if (catalogue.List.All(schedule => schedule.Name != name))
        {
            return NotFound();
        }

        await log.RunAsync(name!, SignedInPerson.From(User)!.ToActor(Roles.Administrator), cancellationToken);
        await engine.TriggerAsync(name!, cancellationToken);
        return RedirectToPage(new { started = name });
    }

    // The page is wanted most when something is wrong, so it is shown without the engine's answer, too.
    private async Task<IReadOnlyDictionary<string, DateTimeOffset>> ListNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await engine.ListNextAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogWarning(exception, "The job engine does not say when its schedules run next.");
            return new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        }
    }
}
