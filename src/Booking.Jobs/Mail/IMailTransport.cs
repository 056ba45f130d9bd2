namespace Booking.Jobs.Mail;

/// <summary>A rendered mail on its way to one person.</summary>
public sealed record OutgoingMail
{
    /// <summary>The outbox row it comes from.</summary>
    public required long OutboxId { get; init; }

    /// <summary>Envelope sender.</summary>
    public required string EnvelopeFrom { get; init; }

    /// <summary>The one envelope recipient.</summary>
    public required string EnvelopeTo { get; init; }

    /// <summary>The whole mail.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }
}

/// <summary>What the other side said of a mail.</summary>
public enum MailOutcome
{
    /// <summary>It took the mail and answers for it.</summary>
    Accepted,

    /// <summary>It refused this recipient for good (5xx): trying again is no use.</summary>
    Refused,

    /// <summary>It refused for now, or was not reached at all: the mail has certainly not left.</summary>
    TryAgain,

    /// <summary>The connection broke before the answer came: the mail may have left.</summary>
    Unclear,
}

/// <summary>Outcome of one attempt.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Words">The server's own words, or the error's.</param>
public sealed record MailReceipt(MailOutcome Outcome, string Words);

/// <summary>Sends rendered mails. One of the three seams between the two stacks. Used by one worker at a time.</summary>
public interface IMailTransport
{
    /// <summary>Sends one mail; opens the connection when there is none and leaves it open for the next.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancellationToken">Breaks off; the outcome is then <see cref="MailOutcome.Unclear"/>.</param>
    Task<MailReceipt> SendAsync(OutgoingMail mail, CancellationToken cancellationToken);

    /// <summary>Closes the connection after the last mail of a batch. The next <see cref="SendAsync"/> opens a new one.</summary>
    Task RestAsync(CancellationToken cancellationToken);
}
