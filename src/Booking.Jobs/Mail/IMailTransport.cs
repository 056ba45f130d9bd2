namespace Booking.Jobs.Mail;

/// <summary>A rendered mail on its way to one person.</summary>
public sealed record OutgoingMail
{
    /// <summary>The outbox row it comes from.</summary>
    public required long OutboxId { get; init; }

    /// <summary>Envelope sender, ASCII only.</summary>
    /// <exception cref="FormatException">It could not be written into a command safely.</exception>
    public required string EnvelopeFrom
    {
        get;
        init => field = new Mailbox(value).Address;
    }

    /// <summary>The one envelope recipient, ASCII only.</summary>
    /// <exception cref="FormatException">It could not be written into a command safely.</exception>
    public required string EnvelopeTo
    {
        get;
        init => field = new Mailbox(value).Address;
    }

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

/// <summary>Sends rendered mails, byte for byte. One of the three seams between the two stacks. Each worker has one, and a connection of its own in it.</summary>
public interface IMailTransport
{
    /// <summary>How long a connection that nothing is sent over is kept.</summary>
    static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends one mail over the connection that is there, or a new one. When a kept connection turns out to be closed before anything
    /// of this mail was sent, a new one is opened once.
    /// </summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancellationToken">Breaks off; the outcome says whether the mail may have left.</param>
    Task<MailReceipt> SendAsync(OutgoingMail mail, CancellationToken cancellationToken);

    /// <summary>There is nothing to send just now: closes a connection that has not been used for <see cref="LongestRest"/>.</summary>
    Task RestAsync(CancellationToken cancellationToken);

    /// <summary>Closes the connection. The next <see cref="SendAsync"/> opens a new one.</summary>
    Task CloseAsync(CancellationToken cancellationToken);
}
