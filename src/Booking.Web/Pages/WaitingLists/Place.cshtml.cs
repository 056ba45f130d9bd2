using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.WaitingLists;

/// <summary>
/// Where the personal link of somebody who waits leads: the place, the rule of order, an offer to answer. Opening the link
/// changes nothing: mail scanners open every link; the buttons answer.
/// </summary>
/// <param name="places">The entry behind the link.</param>
/// <param name="explanations">What stands in the way.</param>
/// <param name="answerOffer">Answers.</param>
/// <param name="clock">Now.</param>
[AllowAnonymous]
public sealed class PlaceModel(
    WaitingPlaceRepository places, WaitingExplanationRepository explanations, AnswerOffer answerOffer, TimeProvider clock) : PageModel
{
    private static readonly Actor LinkHolder = new() { Name = "personal link", Role = ActorRoles.External };

    /// <summary>The entry; null when the link is not good any more.</summary>
    public EntryView? View { get; private set; }

    /// <summary>Shows the place.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public Task OnGetAsync(string token, CancellationToken cancellationToken) => LoadAsync(token, null, cancellationToken);

    /// <summary>Accepts or declines the offer, or gives the place up.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="answer">What is wanted.</param>
    /// <param name="acceptsOverlap">Whether the reader was told of the other course at that time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(
        string token, WaitingListAnswer? answer, bool acceptsOverlap, CancellationToken cancellationToken)
    {
        var place = await places.FindByTokenAsync(LinkToken.Hash(token), clock.GetUtcNow(), cancellationToken);
        AnswerResult? result = null;
        if (place is not null && answer is { } wanted && Enum.IsDefined(wanted))
        {
            result = await answerOffer.RunAsync(
                new AnswerRequest(place.Reference, EntryScope.OfLink(place.EntryId), LinkHolder, wanted, acceptsOverlap), cancellationToken);
        }

        await LoadAsync(token, result, cancellationToken);
        return Page();
    }

    // The link may have travelled: nobody's name but the person's own stands on this page.
    private async Task LoadAsync(string token, AnswerResult? answer, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await places.FindByTokenAsync(LinkToken.Hash(token), now, cancellationToken) is { } place)
        {
            View = new EntryView
            {
                Place = place,
                Explanation = await explanations.ExplainAsync(place, withNames: false, cancellationToken),
                WithNames = false,
                Now = now,
                Answer = answer,
            };
        }
    }
}
