using Booking.Data.Site;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Mail;

/// <summary>How the connection to the mail server is protected.</summary>
public enum MailTls
{
    /// <summary>STARTTLS, required: a server that does not offer it gets no mail.</summary>
    StartTls,

    /// <summary>TLS from the first byte, as on port 465.</summary>
    Implicit,

    /// <summary>No protection: for a mail server on the same machine or network.</summary>
    None,
}

/// <summary>Section <c>Mail</c> of the configuration.</summary>
public sealed class MailOptions
{
    /// <summary>The functional mailbox that mails come from and that stands as organizer in calendars.</summary>
    public string From { get; set; } = "kurser@example.org";

    /// <summary>The name shown beside it; when empty, the site's name.</summary>
    public string FromName { get; set; } = "";

    /// <summary>The mail server; empty writes mails as files into the data folder instead.</summary>
    public string Host { get; set; } = "";

    /// <summary>The mail server's port.</summary>
    public int Port { get; set; } = 587;

    /// <summary>How the connection is protected.</summary>
    public MailTls Tls { get; set; } = MailTls.StartTls;

    /// <summary>User name for the mail server; empty signs in to none.</summary>
    public string User { get; set; } = "";

    /// <summary>The user's password.</summary>
    public string Password { get; set; } = "";

    /// <summary>The most mails that all nodes together send in one minute; 0 for as many as the server takes.</summary>
    public int PerMinute { get; set; }

    /// <summary>How many workers one process has, each with a connection of its own to the mail server.</summary>
    public int Workers { get; set; } = 2;

    /// <summary>How long one attempt may take in seconds, connecting included.</summary>
    public double TimeoutSeconds { get; set; } = 60;

    /// <summary>The same as a span of time.</summary>
    internal TimeSpan Patience => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>Where delivery reports and calendar replies come back.</summary>
    public InboxOptions Inbox { get; set; } = new();
}

/// <summary>Section <c>Mail:Inbox</c>: the functional mailbox, read by IMAP. Only in the stack with MailKit.</summary>
public sealed class InboxOptions
{
    /// <summary>The IMAP server; empty reads no mailbox, and invitations ask for no reply.</summary>
    public string Host { get; set; } = "";

    /// <summary>The server's port.</summary>
    public int Port { get; set; } = 993;

    /// <summary>How the connection is protected.</summary>
    public MailTls Tls { get; set; } = MailTls.Implicit;

    /// <summary>User name.</summary>
    public string User { get; set; } = "";

    /// <summary>The user's password.</summary>
    public string Password { get; set; } = "";

    /// <summary>The folder that is read. Nothing in it is moved, marked or deleted.</summary>
    public string Folder { get; set; } = "INBOX";

    /// <summary>Whether a mailbox is read.</summary>
    public bool IsRead => Host.Length > 0;
}

/// <summary>Says in whole sentences what is wrong with the section <c>Mail</c>.</summary>
public sealed class MailOptionsValidator(IOptions<SiteOptions> site) : IValidateOptions<MailOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        List<string> faults = [];
        if (!Mailbox.IsAddress(options.From))
        {
            faults.Add($"Mail:From is '{options.From}'; write the address that mails come from, such as 'kurser@region.dk'.");
        }

        if (options.Port is < 1 or > 65535)
        {
            faults.Add($"Mail:Port is {options.Port}; a port is a number from 1 to 65535, for mail usually 587 or 25.");
        }

        if (options.PerMinute < 0)
        {
            faults.Add($"Mail:PerMinute is {options.PerMinute}; write how many mails may leave in a minute, or 0 for no limit.");
        }

        if (options.Workers is < 1 or > 16)
        {
            faults.Add($"Mail:Workers is {options.Workers}; one process has from 1 to 16 workers.");
        }

        // A mail is its worker's for five minutes: an attempt must have ended by then, or another worker would send it, too. And
        // a worker that is not seen for two minutes counts as stuck.
        if (options.TimeoutSeconds is not (> 0 and <= 100))
        {
            faults.Add($"Mail:TimeoutSeconds is {options.TimeoutSeconds}; one attempt may take up to 100 seconds.");
        }

        if (options.Host.Length > 0)
        {
            AddServerFaults(options, faults);
        }

        if (options.Inbox.IsRead)
        {
            AddInboxFaults(options.Inbox, faults);
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void AddInboxFaults(InboxOptions inbox, List<string> faults)
    {
#if !STACK_FULL
        faults.Add("Mail:Inbox:Host is set, and this build (stack Lean) cannot read a mailbox; leave it out, or build with the stack Full.");
#endif
        if (Uri.CheckHostName(inbox.Host) == UriHostNameType.Unknown)
        {
            faults.Add($"Mail:Inbox:Host is '{inbox.Host}'; write the IMAP server's name alone, such as 'imap.region.dk', and the port in Mail:Inbox:Port.");
        }

        if (inbox.Port is < 1 or > 65535)
        {
            faults.Add($"Mail:Inbox:Port is {inbox.Port}; a port is a number from 1 to 65535, for IMAP usually 993.");
        }

        if (inbox.User.Length == 0 || inbox.Password.Length == 0)
        {
            faults.Add("Mail:Inbox:Host is set, but not both of Mail:Inbox:User and Mail:Inbox:Password; a mailbox is not open to everybody.");
        }
    }

    private void AddServerFaults(MailOptions options, List<string> faults)
    {
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
        {
            faults.Add($"Mail:Host is '{options.Host}'; write the mail server's name alone, such as 'smtp.region.dk', and the port in Mail:Port.");
        }

        if (options.From.EndsWith("@example.org", StringComparison.OrdinalIgnoreCase))
        {
            faults.Add("Mail:Host is set but Mail:From is not; write the address that mails come from, such as 'kurser@region.dk'.");
        }

        if (site.Value.BaseUrl.Length == 0)
        {
            faults.Add("Mail:Host is set but Site:BaseUrl is not; links in mails need the site's address, such as 'https://kurser.region.dk'.");
        }

        if ((options.User.Length == 0) != (options.Password.Length == 0))
        {
            faults.Add("Only one of Mail:User and Mail:Password is set; set both, or neither for a server that asks for none.");
        }

        if (options.User.Length > 0 && options.Tls == MailTls.None)
        {
            faults.Add("Mail:Tls is None and Mail:User is set; a password is not sent over an unprotected connection. Use StartTls.");
        }
    }
}
