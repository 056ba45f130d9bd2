using Booking.Data.Bookings;
using Booking.Data.FollowUps;
using Booking.Web.FollowUps;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.FollowUps;

/// <summary>
/// The form behind the link of a mail after a course, for the participant or the leader. Opening it changes nothing: mail scanners
/// open every link. What is saved is shown again by the same link.
/// </summary>
/// <param name="forms">Finds the form.</param>
/// <param name="save">Keeps what is typed.</param>
/// <param name="clock">Now.</param>
/// <param name="texts">The reader's language.</param>
[AllowAnonymous]
public sealed class IndexModel(FollowUpFormRepository forms, SaveFollowUp save, TimeProvider clock, IStringLocalizer<Strings> texts) : PageModel
{
    /// <summary>The form; null when there is no such link.</summary>
    public FollowUpForm? Asked { get; private set; }

    /// <summary>What is typed.</summary>
    [BindProperty]
    public FollowUpFields Form { get; set; } = new();

    /// <summary>The secret of the link.</summary>
    [FromRoute]
    public string Token { get; set; } = "";

    /// <summary>Whether the form can be filled in.</summary>
    public bool IsOpen => Asked is { BookingStatus: "attended" } && Asked.ExpiresAt > clock.GetUtcNow();

    /// <summary>Whether something was saved just before this page was shown.</summary>
    public bool IsJustSaved { get; private set; }

    // Not by the page's name: the routes are written in lower case, and the token is not.
    private string Address => $"/follow-up/{Uri.EscapeDataString(Token)}";

    /// <summary>Shows the form with what is saved.</summary>
    /// <param name="saved">Whether to say that it is saved.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync([FromQuery] string? saved, CancellationToken cancellationToken)
    {
        Asked = await forms.FindByTokenAsync(LinkToken.Hash(Token), cancellationToken);
        Form = FollowUpFields.Of(Asked?.Answer ?? new FollowUpAnswer());
        IsJustSaved = saved is not null && Asked?.SavedAt is not null;
    }

    /// <summary>Saves what is typed, or sends it in.</summary>
    /// <param name="do"><c>send</c>; anything else saves.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync([FromForm] string? @do, CancellationToken cancellationToken)
    {
        Asked = await forms.FindByTokenAsync(LinkToken.Hash(Token), cancellationToken);
        if (Asked is null || !IsOpen)
        {
            return Page();
        }

        CheckLengths();
        if (!ModelState.IsValid)
        {
            return Page();
        }

        var answer = Form.ToAnswer();
        return await save.RunAsync(Token, answer, @do == "send", cancellationToken) switch
        {
            SaveFollowUpOutcome.Saved or SaveFollowUpOutcome.Sent => Redirect($"{Address}?saved=1"),
            SaveFollowUpOutcome.Incomplete => Ask(answer.Missing(Asked.Kind)),
            SaveFollowUpOutcome.Invalid or SaveFollowUpOutcome.Over or SaveFollowUpOutcome.NotFound => Redirect(Address),
        };
    }

    private PageResult Ask(IReadOnlyList<string> missing)
    {
        foreach (var field in missing)
        {
            var sentence = field == nameof(FollowUpFields.Shared)
                ? texts["FollowUp.ChooseShared"]
                : texts["FollowUp.ChoosePoint", texts[$"HrFollowUps.Question.{field}"].Value];
            ModelState.AddModelError($"Form.{field}", sentence);
        }

        return Page();
    }

    private void CheckLengths()
    {
        (string Name, string? Text)[] fields =
        [
            (nameof(Form.Best), Form.Best), (nameof(Form.Better), Form.Better), (nameof(Form.Used), Form.Used), (nameof(Form.Help), Form.Help),
        ];
        foreach (var (name, text) in fields)
        {
            if ((text ?? "").ReplaceLineEndings("\n").Trim().Length is var length && length > FollowUpAnswer.MaximumText)
            {
                ModelState.AddModelError($"Form.{name}", texts["FollowUp.TextTooLong", FollowUpAnswer.MaximumText, length]);
            }
        }
    }
}
