using Booking.Data.FollowUps;
using Booking.Web.FollowUps;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Hr;

/// <summary>The answers about one course in one year: how they are spread, what stood in the way, and what was written.</summary>
/// <param name="repository">The figures.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class FollowUpCourseModel(FollowUpFiguresRepository repository, TimeProvider clock) : PageModel
{
    /// <summary>The year.</summary>
    public int Year { get; private set; }

    /// <summary>The course's title.</summary>
    public string CourseTitle => Groups[0].CourseTitle;

    /// <summary>What was asked about it, in the order of time.</summary>
    public IReadOnlyList<FollowUpGroup> Groups { get; private set; } = [];

    /// <summary>What was written, where enough have answered.</summary>
    public ILookup<(string Kind, int Days), FollowUpText> Texts { get; private set; } = null!;

    /// <summary>Shows a course.</summary>
    /// <param name="course">The course's code.</param>
    /// <param name="year">The year; anything unknown is the newest.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string course, string? year, CancellationToken cancellationToken)
    {
        var shown = await FollowUpYear.LoadAsync(repository, year, clock.GetUtcNow(), cancellationToken);
        var groups = shown.Courses.FirstOrDefault(group => group.Key.Equals(course, StringComparison.OrdinalIgnoreCase));
        if (shown.Year is not { } found || groups is null)
        {
            return NotFound();
        }

        (Year, Groups) = (found, [.. groups]);
        Texts = (await repository.ListTextsAsync(found, groups.Key, cancellationToken)).ToLookup(text => (text.Kind, text.Days));
        return Page();
    }
}
