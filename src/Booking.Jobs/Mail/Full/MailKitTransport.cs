using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Booking.Jobs.Mail.Full;

/// <summary>Sends with MailKit: the rendered bytes as they are, many mails on one connection.</summary>
public sealed class MailKitTransport(IOptions<MailOptions> options) : IMailTransport, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Written as they were rendered: nothing is prepared or encoded anew.
    private static readonly FormatOptions AsRendered = CreateFormat();

    private readonly SmtpClient _client = new() { Timeout = (int)Patience.TotalMilliseconds };

    /// <inheritdoc />
    public async Task<MailReceipt> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await ConnectAsync(patience.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException or SmtpCommandException or SmtpProtocolException
            or AuthenticationException or SslHandshakeException or NotSupportedException or TimeoutException or OperationCanceledException)
        {
            await ForgetAsync();
            return new MailReceipt(MailOutcome.TryAgain, exception.Message);
        }

        try
        {
            using var bytes = new MemoryStream(mail.Message.ToArray());
            using var message = await MimeMessage.LoadAsync(bytes, patience.Token);
            var words = await _client.SendAsync(
                AsRendered, message, new MailboxAddress("", mail.EnvelopeFrom), [new MailboxAddress("", mail.EnvelopeTo)], patience.Token);
            return new MailReceipt(MailOutcome.Accepted, words);
        }
        catch (SmtpCommandException exception)
        {
            var isRefused = exception.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)exception.StatusCode >= 500;
            return new MailReceipt(isRefused ? MailOutcome.Refused : MailOutcome.TryAgain, $"{(int)exception.StatusCode} {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or SmtpProtocolException or ServiceNotConnectedException
            or TimeoutException or OperationCanceledException)
        {
            await ForgetAsync();
            return new MailReceipt(MailOutcome.Unclear, exception.Message);
        }
    }

    /// <inheritdoc />
    public Task RestAsync(CancellationToken cancellationToken) => ForgetAsync();

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_client.IsConnected)
        {
            return;
        }

        var security = options.Value.Tls switch
        {
            MailTls.StartTls => SecureSocketOptions.StartTls,
            MailTls.Implicit => SecureSocketOptions.SslOnConnect,
            MailTls.None => SecureSocketOptions.None,
        };
        await _client.ConnectAsync(options.Value.Host, options.Value.Port, security, cancellationToken);
        if (options.Value.User.Length > 0)
        {
            await _client.AuthenticateAsync(options.Value.User, options.Value.Password, cancellationToken);
        }
    }

    private async Task ForgetAsync()
    {
        if (_client.IsConnected)
        {
            await _client.DisconnectAsync(quit: true, CancellationToken.None);
        }
    }

    private static FormatOptions CreateFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }
}
