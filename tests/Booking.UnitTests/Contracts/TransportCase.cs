using Booking.Jobs.Invitations;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Booking.UnitTests.Contracts;

/// <summary>A mail transport of whichever stack is built, told of a test's server, and mails to send with it.</summary>
internal sealed class TransportCase : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public TransportCase(int port, params (string Key, string Value)[] settings)
    {
        _services = JobHost.Create(
            Clock,
            [
                ("Mail:Host", "127.0.0.1"),
                ("Mail:Port", $"{port}"),
                ("Mail:From", "kurser@region.example"),
                ("Site:BaseUrl", "https://kurser.example.org"),
                .. settings,
            ]);
        Transport = _services.GetRequiredService<IMailTransport>();
    }

    public FakeClock Clock { get; } = new();

    public IMailTransport Transport { get; }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>An invitation with everything that a transport could be tempted to mend.</summary>
    public OutgoingMail Mail(string to, int number = 1) => new()
    {
        OutboxId = number,
        EnvelopeFrom = "kurser@region.example",
        EnvelopeTo = to,
        Message = MimeComposer.Compose(new MailDraft
        {
            Key = $"booking.invitation/{number}/2/0",
            From = new Mailbox("kurser@region.example", "Psykiatriens \"Kurser\" (Nord)"),
            To = new Mailbox(to, "Ørsted, Anna"),
            Date = FakeClock.Start,
            Language = "da",
            Subject = "Din plads på Kognitiv terapi for sygeplejersker, læger og psykologer i hele regionen (2/3)",
            Text = "Kære Anna\n.\n..punktummer\nFrom her  \n" + new string('æ', 300),
            Html = "<p>Kære Anna</p>\n.\n",
            Calendar = new CalendarPart(
                CalendarMethod.Request,
                _services.GetRequiredService<ICalendarWriter>().Write(CalendarMethod.Request, [GoldenCalendars.Event()])),
        }),
    };
}
