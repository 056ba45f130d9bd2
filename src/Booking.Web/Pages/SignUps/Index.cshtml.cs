using System.ComponentModel.DataAnnotations;
using Booking.Data.Bookings;
using Booking.Data.People;
using Booking.Data.Runs;
using Booking.Web.Localisation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.SignUps;

/// <summary>An external person signs up: one form, one mail.</summary>
/// <param name="runs">The run.</param>
/// <param name="signUp">Holds the seat.</param>
/// <param name="clock">Now.</param>
/// <param name="localizer">The reader's language.</param>
[AllowAnonymous]
public sealed class IndexModel(RunRepository runs, SignUp signUp, TimeProvider clock, IStringLocalizer<Strings> localizer) : PageModel
{
    /// <summary>The run.</summary>
    public RunForBooking Run { get; private set; } = null!;

    /// <summary>What is typed.</summary>
    [BindProperty]
    public SignUpForm Form { get; set; } = new();

    /// <summary>Whether seats can be taken now.</summary>
    public SignUpState State => BookingRules.SignUp(Run.Times, clock.GetUtcNow());

    /// <summary>Whether an EAN number is asked for.</summary>
    public bool CostsMoney => Run.ExternalPrice > 0;

    /// <summary>Seats an external person can take.</summary>
    public long SeatsLeft { get; private set; }

    /// <summary>The sectors that are invited.</summary>
    public IEnumerable<SelectListItem> SectorOptions =>
        Run.Sectors.Select(sector => new SelectListItem(localizer[$"Sector.{sector}"], sector))
            .Prepend(new SelectListItem(localizer["SignUp.ChooseSector"], ""));

    /// <summary>Shows the form.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken) =>
        await LoadAsync(code, cancellationToken) ? Page() : NotFound();

    /// <summary>Holds a seat and asks to look in the mailbox; the answer is the same for every address.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        var email = EmailAddress.Parse(Form.Email);
        if (email is null && ModelState["Form.Email"]?.Errors.Count is null or 0)
        {
            ModelState.AddModelError("Form.Email", localizer["SignUp.EmailInvalid"]);
        }

        if (CostsMoney && Ean.Parse(Form.Ean) is null)
        {
            ModelState.AddModelError("Form.Ean", localizer["SignUp.EanInvalid"]);
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        var result = await signUp.RunAsync(Request(email!), cancellationToken);
        return result.Outcome switch
        {
            SignUpOutcome.MailSent => RedirectToPage("/SignUps/Sent", Form.AcceptsWaiting ? new { waiting = true } : null),
            SignUpOutcome.RunFull => RefuseFull(),
            SignUpOutcome.SignUpClosed => Refuse("", localizer[$"SignUpState.{result.State}"]),
            SignUpOutcome.SectorNotInvited => Refuse("Form.Sector", localizer["SignUp.SectorInvalid"]),
            SignUpOutcome.EanMissing => Refuse("Form.Ean", localizer["SignUp.EanInvalid"]),
        };
    }

    // The form stays as typed, and asks for a place on the waiting list now.
    private PageResult RefuseFull()
    {
        SeatsLeft = 0;
        return Refuse("", $"{localizer["SignUp.FullButWait"].Value} {localizer["SignUp.LinkSent"].Value}");
    }

    private PageResult Refuse(string field, string sentence)
    {
        ModelState.AddModelError(field, sentence);
        return Page();
    }

    private new SignUpRequest Request(string email) => new()
    {
        Reference = Form.Reference,
        RunId = Run.RunId,
        Name = Form.Name!.Trim(),
        Email = email,
        Workplace = Form.Workplace!.Trim(),
        Sector = Form.Sector!,
        Ean = CostsMoney ? Form.Ean : null,
        AcceptsWaiting = Form.AcceptsWaiting,
        Language = Languages.Current,
    };

    private async Task<bool> LoadAsync(string code, CancellationToken cancellationToken)
    {
        var run = await runs.FindForBookingAsync(code, cancellationToken);
        if (run is not { IsCrossSector: true })
        {
            return false;
        }

        Run = run;
        var left = await runs.CountFreeSeatsAsync(run.RunId, [], cancellationToken);
        SeatsLeft = left.External + left.Open;
        return true;
    }
}

/// <summary>The fields of a sign-up.</summary>
public sealed class SignUpForm
{
    /// <summary>Made with the form: sent twice, it is one sign-up.</summary>
    public Guid Reference { get; set; } = Guid.NewGuid();

    /// <summary>Whether the form said that the run is full, and asked to wait.</summary>
    public bool AcceptsWaiting { get; set; }

    /// <summary>Full name.</summary>
    [Required(ErrorMessage = "SignUp.NameMissing")]
    [StringLength(200, ErrorMessage = "SignUp.NameTooLong")]
    public string? Name { get; set; }

    /// <summary>Where the confirmation goes.</summary>
    [Required(ErrorMessage = "SignUp.EmailMissing")]
    public string? Email { get; set; }

    /// <summary>Where the person works.</summary>
    [Required(ErrorMessage = "SignUp.WorkplaceMissing")]
    [StringLength(200, ErrorMessage = "SignUp.WorkplaceTooLong")]
    public string? Workplace { get; set; }

    /// <summary>Which sector that is.</summary>
    [Required(ErrorMessage = "SignUp.SectorInvalid")]
    public string? Sector { get; set; }

    /// <summary>Who is invoiced.</summary>
    public string? Ean { get; set; }
}
