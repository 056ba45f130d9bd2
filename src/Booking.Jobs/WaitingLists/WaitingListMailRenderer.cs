using System.Globalization;
using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Booking.Data.WaitingLists;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.WaitingLists;

/// <summary>Renders what is told to somebody who waits.</summary>
public sealed class WaitingListMailRenderer(WaitingPlaceRepository places, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } =
        [OutboxKinds.WaitingListJoined, OutboxKinds.WaitingListOffer, OutboxKinds.WaitingListOfferExpired, OutboxKinds.WaitingListClosed];

    /// <summary>Why a message need not be sent any more, or null: a place or an offer that is no more is not told.</summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken) => message.Kind switch
    {
        OutboxKinds.WaitingListJoined when !(await PlaceAsync(message, cancellationToken)).IsWaiting =>
            "The person waited no more before the mail left.",
        OutboxKinds.WaitingListOffer when !(await PlaceAsync(message, cancellationToken)).HasOffer(clock.GetUtcNow()) =>
            "The offer was answered or over before the mail left.",
        _ => null,
    };

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        var place = await PlaceAsync(message, cancellationToken);
        words.With("name", message.RecipientName.Length > 0 ? message.RecipientName : place.PersonName)
            .With("department", place.DepartmentName ?? "")
            .With("own_place", Number(place.OwnPlace))
            .With("own_waiting", Number(place.OwnWaiting))
            .With("place_of_all", Number(place.PlaceOfAll))
            .With("all_waiting", Number(place.AllWaiting))
            .With("now", words.Times.Moment(clock.GetUtcNow()))
            .With("until", place.OfferExpiresAt is { } until ? words.Times.Moment(until) : "")
            .With("closes", words.Times.Moment(place.SignUpClosesAt))
            .With("is_run_cancelled", MailWords.Flag(place.RunStatus == "cancelled"))
            .With("order", WaitingListOrder.Rule(message.Language))
            .With("turn", WaitingListOrder.Turn(place.WaitingListMode, place.OfferWorkingHours, message.Language))
            .With("course_link", address.Of($"/courses/{Uri.EscapeDataString(place.CourseCode)}"))
            .With("run_link", address.Of($"/runs/{Uri.EscapeDataString(place.RunCode)}"));
        PersonalLink? link = null;
        if (message.Kind is OutboxKinds.WaitingListJoined or OutboxKinds.WaitingListOffer)
        {
            var token = LinkToken.Create();
            words.With("entry_link", address.Of($"/waiting-list/{token}"));
            link = new PersonalLink
            {
                TokenHash = LinkToken.Hash(token),
                Purpose = LinkPurposes.WaitingListEntry,
                EntryId = place.EntryId,
                ExpiresAt = place.StartsAt,
            };
        }

        return new RenderedMessage { Bytes = writer.Write(message, message.RecipientName, words.Values), Link = link };
    }

    private async Task<WaitingPlace> PlaceAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        return await places.GetAsync(payload.RootElement.GetProperty("entry").GetInt64(), cancellationToken);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
