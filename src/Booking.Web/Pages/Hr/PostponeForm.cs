using System.ComponentModel.DataAnnotations;
using Booking.Data.Runs;
using Booking.Web.Localisation;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Hr;

/// <summary>The fields of a postponement. Times are local to the run; a deadline left empty follows the first session.</summary>
public sealed class PostponeForm
{
    /// <summary>One row for each session.</summary>
    public IList<SessionFields> Sessions { get; set; } = [];

    /// <summary>The venue.</summary>
    [Required(ErrorMessage = "HrPostpone.VenueMissing")]
    [StringLength(200, ErrorMessage = "HrPostpone.TooLong")]
    public string? VenueName { get; set; }

    /// <summary>Street and number.</summary>
    [StringLength(200, ErrorMessage = "HrPostpone.TooLong")]
    public string? VenueAddress { get; set; }

    /// <summary>Postal code.</summary>
    [StringLength(10, ErrorMessage = "HrPostpone.TooLong")]
    public string? PostalCode { get; set; }

    /// <summary>Town.</summary>
    [StringLength(100, ErrorMessage = "HrPostpone.TooLong")]
    public string? Town { get; set; }

    /// <summary>Where one takes part online.</summary>
    [StringLength(500, ErrorMessage = "HrPostpone.TooLong")]
    public string? OnlineLink { get; set; }

    /// <summary>Sign-up opens.</summary>
    public string? SignUpOpens { get; set; }

    /// <summary>Unused guaranteed seats are released.</summary>
    public string? Release { get; set; }

    /// <summary>Until when cancelling is in time.</summary>
    public string? Cancellation { get; set; }

    /// <summary>The sign-up stop.</summary>
    public string? SignUpCloses { get; set; }

    /// <summary>The form filled in with the run as it is.</summary>
    /// <param name="run">The run.</param>
    public static PostponeForm Of(HrRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new PostponeForm
        {
            Sessions = [.. run.Sessions.Select(session => new SessionFields
            {
                SessionId = session.SessionId,
                StartsAt = LocalInput.Of(session.StartsAt, run.TimeZone),
                EndsAt = LocalInput.Of(session.EndsAt, run.TimeZone),
            })],
            VenueName = run.VenueName,
            VenueAddress = run.VenueAddress,
            PostalCode = run.PostalCode,
            Town = run.Town,
            OnlineLink = run.OnlineLink,
        };
    }

    /// <summary>What was typed as a wish; what cannot be read becomes an error beside its field.</summary>
    /// <param name="run">The run as it is.</param>
    /// <param name="state">Takes the errors.</param>
    /// <param name="texts">The reader's language.</param>
    public PostponeWish ToWish(HrRun run, ModelStateDictionary state, IStringLocalizer texts)
    {
        ArgumentNullException.ThrowIfNull(run);
        var deadlines = new Dictionary<RunDeadline, DateTimeOffset>();
        foreach (var (deadline, current) in PostponeRules.Current(run))
        {
            if (Text(deadline) is { Length: > 0 } text)
            {
                deadlines[deadline] = Read($"Form.{deadline}", text, run, current, state, texts);
            }
        }

        List<SessionMove> moves = [];
        for (var i = 0; i < run.Sessions.Count; i++)
        {
            var (session, fields) = (run.Sessions[i], Sessions[i]);
            moves.Add(new SessionMove(
                session.SessionId,
                Read($"Form.Sessions[{i}].StartsAt", fields.StartsAt, run, session.StartsAt, state, texts),
                Read($"Form.Sessions[{i}].EndsAt", fields.EndsAt, run, session.EndsAt, state, texts)));
        }

        if (Clean(OnlineLink) is { } link && !(Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"))
        {
            state.AddModelError("Form.OnlineLink", texts["HrPostpone.LinkInvalid"]);
        }

        var place = new RunPlace
        {
            VenueName = VenueName?.Trim() ?? "",
            VenueAddress = Clean(VenueAddress),
            PostalCode = Clean(PostalCode),
            Town = Clean(Town),
            OnlineLink = Clean(OnlineLink),
        };
        return new PostponeWish(moves, place, deadlines);
    }

    private string? Text(RunDeadline deadline) => deadline switch
    {
        RunDeadline.SignUpOpens => SignUpOpens,
        RunDeadline.Release => Release,
        RunDeadline.Cancellation => Cancellation,
        RunDeadline.SignUpCloses => SignUpCloses,
    };

    private static DateTimeOffset Read(
        string field, string? text, HrRun run, DateTimeOffset current, ModelStateDictionary state, IStringLocalizer texts)
    {
        if (LocalInput.Parse(text, run.TimeZone, current) is { } at)
        {
            return at;
        }

        state.AddModelError(field, texts["HrPostpone.TimeInvalid"]);
        return current;
    }

    private static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>One session's fields.</summary>
public sealed class SessionFields
{
    /// <summary>The session.</summary>
    public long SessionId { get; set; }

    /// <summary>When it starts.</summary>
    public string? StartsAt { get; set; }

    /// <summary>When it ends.</summary>
    public string? EndsAt { get; set; }
}

/// <summary>What a move would do.</summary>
/// <param name="Run">The run as it is.</param>
/// <param name="Result">The move.</param>
/// <param name="Now">The time.</param>
public sealed record PostponeCheck(HrRun Run, PostponeResult Result, DateTimeOffset Now);
