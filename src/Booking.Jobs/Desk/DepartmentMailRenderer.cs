using System.Globalization;
using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Desk;
using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Desk;

/// <summary>Renders the mails to a department's secretaries about seats without names and unused seats.</summary>
public sealed class DepartmentMailRenderer(DepartmentMailRepository departments, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } =
        [OutboxKinds.HeldReceipt, OutboxKinds.HeldWarning, OutboxKinds.HeldReleased, OutboxKinds.ReleaseWarning];

    /// <summary>Why a warning need not be sent any more, or null: what it warns of has happened, or will not happen.</summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind is OutboxKinds.HeldReceipt or OutboxKinds.HeldReleased)
        {
            return null;
        }

        using var payload = JsonDocument.Parse(message.Payload);
        var seats = await SeatsAsync(message, payload, cancellationToken);
        return message.Kind switch
        {
            OutboxKinds.HeldWarning when seats.HeldSeats == 0 => "Every seat has its name by now.",
            OutboxKinds.HeldWarning when seats.HeldUntil <= clock.GetUtcNow() => "The seats are about to be released.",
            OutboxKinds.ReleaseWarning when seats.UnusedSeats == 0 => "No seat is unused by now.",
            OutboxKinds.ReleaseWarning when seats.IsReleased || seats.ReleaseAt <= clock.GetUtcNow() => "The release has come.",
            _ when seats.RunStatus != "published" => "The run will not be held.",
            _ => null,
        };
    }

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        using var payload = JsonDocument.Parse(message.Payload);
        var seats = await SeatsAsync(message, payload, cancellationToken);
        var departmentId = DepartmentId(payload);
        var count = message.Kind switch
        {
            OutboxKinds.HeldWarning => seats.HeldSeats,
            OutboxKinds.ReleaseWarning => seats.UnusedSeats,
            _ => payload.RootElement.GetProperty("seats").GetInt32(),
        };
        var path = string.Create(CultureInfo.InvariantCulture, $"/desk/runs/{Uri.EscapeDataString(words.RunCode)}?department={departmentId}");
        words.With("department", seats.DepartmentName)
            .With("seats", Seats(count, message.Language))
            .With("held_until", seats.HeldUntil is { } until ? words.Times.Moment(until) : "")
            .With("release", words.Times.Moment(seats.ReleaseAt))
            .With("desk_link", address.Of(path));
        var token = LinkToken.Create();
        var link = address.Of($"/release/{token}");
        words.With("decide_link", link).With("keep_link", $"{link}?choice=keep").With("hand_back_link", $"{link}?choice=hand_back");
        return new RenderedMessage
        {
            Bytes = writer.Write(message, message.RecipientName, words.Values),
            Link = message.Kind != OutboxKinds.ReleaseWarning ? null : new PersonalLink
            {
                TokenHash = LinkToken.Hash(token),
                Purpose = LinkPurposes.ReleaseDecide,
                RunId = message.RunId,
                DepartmentId = departmentId,
                ExpiresAt = seats.ReleaseAt,
            },
        };
    }

    private Task<DepartmentSeats> SeatsAsync(ClaimedMessage message, JsonDocument payload, CancellationToken cancellationToken) =>
        departments.GetAsync(
            message.RunId ?? throw new InvalidOperationException("The outbox row names no run."), DepartmentId(payload), cancellationToken);

    private static long DepartmentId(JsonDocument payload) => payload.RootElement.GetProperty("department").GetInt64();

    private static string Seats(int count, string language) => (count, language) switch
    {
        (1, "en") => "1 seat",
        (_, "en") => $"{MailWords.Number(count)} seats",
        (1, _) => "1 plads",
        _ => $"{MailWords.Number(count)} pladser",
    };
}
