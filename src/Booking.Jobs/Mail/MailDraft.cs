using Booking.Jobs.Invitations;

namespace Booking.Jobs.Mail;

/// <summary>One mail to one person, before it is bytes.</summary>
public sealed record MailDraft
{
    /// <summary>The outbox key; boundary and Message-ID are made from it.</summary>
    public required string Key { get; init; }

    /// <summary>The site's mailbox.</summary>
    public required Mailbox From { get; init; }

    /// <summary>The recipient.</summary>
    public required Mailbox To { get; init; }

    /// <summary>When the mail is made.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary><c>da</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    /// <summary>The subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The text for readers without HTML.</summary>
    public required string Text { get; init; }

    /// <summary>The whole HTML document.</summary>
    public required string Html { get; init; }

    /// <summary>The calendar message, if this mail carries one.</summary>
    public CalendarPart? Calendar { get; init; }

    /// <summary>Where such mail is turned off, also by a POST with one click (RFC 8058); null for mail that cannot be.</summary>
    public string? Unsubscribe { get; init; }
}

/// <summary>The calendar message inside a mail.</summary>
/// <param name="Method">The method, equal to the one inside.</param>
/// <param name="Bytes">The calendar.</param>
public sealed record CalendarPart(CalendarMethod Method, byte[] Bytes);
