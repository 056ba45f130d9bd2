namespace Booking.TestSupport;

/// <summary>Where in the conversation a mail server of a test misbehaves.</summary>
public enum SmtpStage
{
    /// <summary>Where it greets.</summary>
    Greeting,

    /// <summary>Where it says what it offers.</summary>
    Hello,

    /// <summary>Where it answers for the sender.</summary>
    Sender,

    /// <summary>Where it answers for the recipient.</summary>
    Recipient,

    /// <summary>Where it answers that it is ready for the mail.</summary>
    Data,

    /// <summary>Where it answers for the mail, which it has in full.</summary>
    Message,
}

/// <summary>What it does after it has said what it says.</summary>
public enum SmtpThen
{
    /// <summary>It goes on as if nothing had been.</summary>
    GoesOn,

    /// <summary>It drops the line.</summary>
    Drops,

    /// <summary>It says nothing more, and keeps the line.</summary>
    Stalls,
}

/// <summary>One misbehaviour: instead of its answer at a stage.</summary>
/// <param name="Stage">Where.</param>
/// <param name="Says">What it says there, line ends included; nothing when empty.</param>
/// <param name="Then">What it does then.</param>
/// <param name="TakesMail">At <see cref="SmtpStage.Message"/>: whether it takes the mail all the same.</param>
public sealed record SmtpFault(SmtpStage Stage, string Says, SmtpThen Then = SmtpThen.GoesOn, bool TakesMail = false);
