using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Mail.Lean;

/// <summary>
/// Sends with System.Net.Mail, which wants to write a mail's headers and parts itself. Given a message without a body and one
/// view of type multipart/alternative whose content is the parts already written, it sends those bytes as they are, with our
/// boundary and Message-ID. Date is always the time of sending: it cannot be held (docs/adr/0004-mail-and-calendar.md).
/// </summary>
public sealed class SmtpMailTransport(IOptions<MailOptions> options) : IMailTransport, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Written by System.Net.Mail itself, from the properties of the message.
    private static readonly string[] OwnHeaders = ["Date", "From", "To", "Subject", "MIME-Version", "Content-Type"];

    private SmtpClient? _client;

    /// <inheritdoc />
    public async Task<MailReceipt> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var message = ToMessage(mail);
            _client ??= Connect();
            await _client.SendMailAsync(message, patience.Token);
            return new MailReceipt(MailOutcome.Accepted, "accepted");
        }
        catch (SmtpFailedRecipientException exception)
        {
            // The recipient was refused before any of the mail was sent.
            Forget();
            return new MailReceipt((int)exception.StatusCode >= 500 ? MailOutcome.Refused : MailOutcome.TryAgain, Words(exception));
        }
        catch (SmtpException exception)
        {
            Forget();
            return new MailReceipt(HasCertainlyNotLeft(exception) ? MailOutcome.TryAgain : MailOutcome.Unclear, Words(exception));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            Forget();
            return new MailReceipt(MailOutcome.Unclear, "The mail server did not answer in time.");
        }
    }

    /// <inheritdoc />
    public Task RestAsync(CancellationToken cancellationToken)
    {
        Forget();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Dispose() => Forget();

    private SmtpClient Connect() =>
        new(options.Value.Host, options.Value.Port)
        {
            EnableSsl = options.Value.Tls == MailTls.StartTls,
            Credentials = options.Value.User.Length > 0
                ? new NetworkCredential(options.Value.User, options.Value.Password)
                : null,
        };

    // Disposing says QUIT; after a failure the connection's state is not known, so the next mail gets a new one.
    private void Forget()
    {
        _client?.Dispose();
        _client = null;
    }

    private static MailMessage ToMessage(OutgoingMail mail)
    {
        var rendered = MimeReader.Read(mail.Message);
        var message = new MailMessage(
            new MailAddress(mail.EnvelopeFrom, NameIn(rendered["From"]), Encoding.UTF8),
            new MailAddress(mail.EnvelopeTo, NameIn(rendered["To"]), Encoding.UTF8))
        {
            Subject = rendered["Subject"],
            SubjectEncoding = Encoding.UTF8,
        };
        foreach (var header in rendered.Headers.Where(header => !OwnHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            message.Headers.Add(header.Key, header.Value);
        }

        message.AlternateViews.Add(new AlternateView(
            new MemoryStream(rendered.Body.ToArray()),
            new ContentType(rendered.MediaType) { Boundary = rendered.Parameter("boundary") })
        {
            TransferEncoding = TransferEncoding.SevenBit,
        });
        return message;
    }

    // "Name" <address>, or the address alone: as MimeHeader writes it.
    private static string NameIn(string header)
    {
        var bracket = header.LastIndexOf('<');
        var name = bracket <= 0 ? "" : header[..bracket].Trim();
        return name.Trim('"');
    }

    // A status means that the server answered; the others named here happen before anything of a mail is sent.
    private static bool HasCertainlyNotLeft(SmtpException exception) =>
        exception.StatusCode != SmtpStatusCode.GeneralFailure
        || exception.InnerException is null or SocketException or AuthenticationException
        || exception.InnerException?.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound };

    private static string Words(SmtpException exception) =>
        exception.InnerException is { } inner ? $"{exception.Message} {inner.Message}" : exception.Message;
}
