using Booking.Data.WaitingLists;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.WaitingLists;

/// <summary>One entry for those who are signed in: the person, the department's secretary, or HR. Says what stands in the way.</summary>
/// <param name="places">The entry.</param>
/// <param name="explanations">What stands in the way.</param>
/// <param name="answerOffer">Answers.</param>
/// <param name="clock">Now.</param>
[Authorize]
public sealed class EntryModel(
    WaitingPlaceRepository places, WaitingExplanationRepository explanations, AnswerOffer answerOffer, TimeProvider clock) : PageModel
{
    /// <summary>The entry.</summary>
    public EntryView View { get; private set; } = null!;

    private SignedInPerson Person => SignedInPerson.From(User)!;

    private EntryScope Scope => Person.Has(Roles.Hr) ? EntryScope.All : EntryScope.Of(Person.PersonId, Person.DepartmentIds);

    /// <summary>Shows the entry.</summary>
    /// <param name="reference">The entry.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(Guid reference, CancellationToken cancellationToken) =>
        await LoadAsync(reference, null, cancellationToken) ? Page() : NotFound();

    /// <summary>Accepts or declines the offer, or gives the place up.</summary>
    /// <param name="reference">The entry.</param>
    /// <param name="answer">What is wanted.</param>
    /// <param name="acceptsOverlap">Whether the reader was told of the other course at that time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(
        Guid reference, WaitingListAnswer? answer, bool acceptsOverlap, CancellationToken cancellationToken)
    {
        var role = Person.Has(Roles.Hr) ? Roles.Hr : Person.Has(Roles.Secretary) ? Roles.Secretary : Roles.Participant;
        if (!Person.Has(role))
        {
            return NotFound();
        }

        AnswerResult? result = null;
        if (answer is { } wanted && Enum.IsDefined(wanted))
        {
            result = await answerOffer.RunAsync(
                new AnswerRequest(reference, Scope, Person.ToActor(role), wanted, acceptsOverlap), cancellationToken);
        }

        return await LoadAsync(reference, result, cancellationToken) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(Guid reference, AnswerResult? answer, CancellationToken cancellationToken)
    {
        if (await places.FindAsync(reference, Scope, cancellationToken) is not { } place)
        {
            return false;
        }

        // Colleagues' names are the secretary's and HR's to see, not those of somebody who waits.
        var withNames = Person.Has(Roles.Hr) || (place.DepartmentId is { } department && Person.DepartmentIds.Contains(department));
        View = new EntryView
        {
            Place = place,
            Explanation = await explanations.ExplainAsync(place, withNames, cancellationToken),
            WithNames = withNames,
            Now = clock.GetUtcNow(),
            Answer = answer,
        };
        return true;
    }
}
