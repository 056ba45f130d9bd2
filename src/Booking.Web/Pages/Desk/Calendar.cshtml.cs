using Booking.Data.Desk;
using Booking.Data.Feeds;
using Booking.Data.Runs;
using Booking.Data.Site;
using Booking.Jobs.Mail;
using Booking.Web.Desk;
using Booking.Web.Localisation;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace Booking.Web.Pages.Desk;

/// <summary>The own departments' sessions by month, and the links by which other calendars show them.</summary>
/// <param name="sessions">The sessions.</param>
/// <param name="links">The links.</param>
/// <param name="make">Makes a link.</param>
/// <param name="revoke">Closes one.</param>
/// <param name="runs">The departments' names.</param>
/// <param name="address">Where the site is.</param>
/// <param name="site">Its time zone.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Secretary)]
public sealed class CalendarModel(
    DeskCalendarRepository sessions, FeedLinkRepository links, MakeFeedLink make, RevokeFeedLink revoke, RunRepository runs,
    SiteAddress address, IOptions<SiteOptions> site, TimeProvider clock) : PageModel
{
    /// <summary>Which month, as <c>2027-03</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "month")]
    public string? MonthText { get; set; }

    /// <summary>The month.</summary>
    public CalendarMonth Month { get; private set; } = null!;

    /// <summary>The secretary's departments.</summary>
    public IReadOnlyList<DepartmentName> Departments { get; private set; } = [];

    /// <summary>Links that work.</summary>
    public IReadOnlyList<FeedLink> Links { get; private set; } = [];

    /// <summary>The address of the link that was just made.</summary>
    public string? MadeAddress { get; private set; }

    /// <summary>Whether a link was just closed.</summary>
    public bool IsRevoked { get; private set; }

    /// <summary>Whether the secretary has several departments.</summary>
    public bool HasSeveralDepartments => Departments.Count > 1;

    /// <summary>The zone in which links were made.</summary>
    public string TimeZone => site.Value.TimeZone;

    private SignedInPerson Person => SignedInPerson.From(User)!;

    private IReadOnlyCollection<FeedOwner> Owners => [.. Person.DepartmentIds.Select(FeedOwner.OfDepartment)];

    /// <summary>Shows the month.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public Task OnGetAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    /// <summary>Makes a link and shows it, this once.</summary>
    /// <param name="department">Whose feed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostMakeAsync(long department, CancellationToken cancellationToken)
    {
        if (!Person.DepartmentIds.Contains(department))
        {
            return NotFound();
        }

        var token = await make.RunAsync(FeedOwner.OfDepartment(department), Person.ToActor(Roles.Secretary), cancellationToken);
        MadeAddress = address.Of($"/calendar/{token}.ics");
        await LoadAsync(cancellationToken);
        return Page();
    }

    /// <summary>Closes a link.</summary>
    /// <param name="link">Which one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostRevokeAsync(string? link, CancellationToken cancellationToken)
    {
        if (!await revoke.RunAsync(link ?? "", Owners, Person.ToActor(Roles.Secretary), cancellationToken))
        {
            return NotFound();
        }

        IsRevoked = true;
        await LoadAsync(cancellationToken);
        return Page();
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(DisplayFormat.Local(now, TimeZone));
        var month = CalendarMonth.Parse(MonthText) ?? new DateOnly(today.Year, today.Month, 1);
        var (from, to) = CalendarMonth.Days(month);
        // A day more on each side: which day it is depends on the run's zone.
        Month = CalendarMonth.Of(month, await sessions.ListAsync(
            Person.DepartmentIds, Midnight(from.AddDays(-1)), Midnight(to.AddDays(1)), cancellationToken));
        Departments = await runs.ListDepartmentsAsync(Person.DepartmentIds, cancellationToken);
        Links = await links.ListAsync(Owners, now, cancellationToken);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
