using System.Text;
using Booking.Jobs.Mail;

namespace Booking.DatabaseTests.Outbox;

/// <summary>A mail server in memory that answers as the test tells it.</summary>
public sealed class ScriptedTransport : IMailTransport
{
    private readonly Lock _lock = new();
    private readonly Queue<MailReceipt> _answers = [];
    private readonly List<OutgoingMail> _taken = [];
    private readonly List<OutgoingMail> _tried = [];

    /// <summary>What it took.</summary>
    public IReadOnlyList<OutgoingMail> Taken
    {
        get
        {
            lock (_lock)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>What it was handed, whatever it answered.</summary>
    public IReadOnlyList<OutgoingMail> Tried
    {
        get
        {
            lock (_lock)
            {
                return [.. _tried];
            }
        }
    }

    /// <summary>What happens while a mail is on its way.</summary>
    public Action? OnTheWay { get; set; }

    /// <summary>The next answers; after them it takes everything.</summary>
    public void Answer(params MailOutcome[] outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _answers.Enqueue(new MailReceipt(outcome, $"the server says {outcome}"));
        }
    }

    public Task<MailReceipt> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        OnTheWay?.Invoke();
        lock (_lock)
        {
            _tried.Add(mail);
            var answer = _answers.TryDequeue(out var scripted) ? scripted : new MailReceipt(MailOutcome.Accepted, "ok");
            if (answer.Outcome == MailOutcome.Accepted)
            {
                _taken.Add(mail);
            }

            return Task.FromResult(answer);
        }
    }

    public Task RestAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task CloseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The mails taken, read.</summary>
    public IReadOnlyList<MimePart> Mails => [.. Taken.Select(mail => MimeReader.Read(mail.Message))];

    /// <summary>The calendars in the mails taken.</summary>
    public IReadOnlyList<byte[]> Calendars =>
        [.. Mails.SelectMany(MimeReader.Parts).Where(part => part.MediaType == "text/calendar").Select(MimeReader.Content)];

    /// <summary>The text of one mail taken.</summary>
    public string TextTo(string address) =>
        MimeReader.Text(MimeReader.Parts(MimeReader.Read(Taken.Single(mail => mail.EnvelopeTo == address).Message))[0]);

    /// <summary>The bytes of what was tried, as text for comparing.</summary>
    public IReadOnlyList<string> TriedBytes => [.. Tried.Select(mail => Encoding.ASCII.GetString(mail.Message.Span))];
}
