using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Booking.Jobs.Mail.Full;

/// <summary>Sends with MailKit: the rendered bytes as they are, many mails on one connection.</summary>
public sealed class MailKitTransport(IOptions<MailOptions> options, TimeProvider clock) : IMailTransport, IDisposable
{
    private static readonly TimeSpan TimeToQuit = TimeSpan.FromSeconds(2);

    // As on the other stack, and as .NET does: a list of revoked certificates that cannot be had, such as that of a hospital's own
    // authority, does not stop the mail.
    private readonly SmtpClient _client = new()
    {
        Timeout = (int)options.Value.Patience.TotalMilliseconds,
        CheckCertificateRevocation = false,
    };

    private DateTimeOffset _usedAt;

    /// <inheritdoc />
    public async Task<MailReceipt> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        await RestAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.Patience);
        return await TryAsync(mail, isKept: _client.IsConnected, patience.Token)
            ?? (await TryAsync(mail, isKept: false, patience.Token))!;
    }

    /// <inheritdoc />
    public Task RestAsync(CancellationToken cancellationToken) =>
        _client.IsConnected && clock.GetUtcNow() - _usedAt >= IMailTransport.LongestRest ? CloseAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc />
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_client.IsConnected)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(TimeToQuit);
            await _client.DisconnectAsync(quit: true, patience.Token);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    // Null: a connection from before was no longer there, and nothing of this mail was said.
    private async Task<MailReceipt?> TryAsync(OutgoingMail mail, bool isKept, CancellationToken cancellationToken)
    {
        var handover = new Handover();
        try
        {
            await ConnectAsync(cancellationToken);
            using var bytes = new MemoryStream(mail.Message.ToArray());
            using var message = await MimeMessage.LoadAsync(bytes, cancellationToken);
            var words = await _client.SendAsync(
                message, new MailboxAddress("", mail.EnvelopeFrom), [new MailboxAddress("", mail.EnvelopeTo)], cancellationToken, handover);
            _usedAt = clock.GetUtcNow();
            return new MailReceipt(MailOutcome.Accepted, $"250 {words}");
        }
        catch (SmtpCommandException exception)
        {
            _usedAt = clock.GetUtcNow();
            if (exception.StatusCode == SmtpStatusCode.ServiceNotAvailable || !IsReady)
            {
                await ForgetAsync();
                if (isKept && !handover.HasBegun)
                {
                    return null;
                }
            }

            var isRefused = exception.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)exception.StatusCode >= 500;
            var words = string.Create(CultureInfo.InvariantCulture, $"{(int)exception.StatusCode} {exception.Message}");
            return new MailReceipt(isRefused ? MailOutcome.Refused : MailOutcome.TryAgain, words);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ProtocolException or AuthenticationException
            or SslHandshakeException or NotSupportedException or ServiceNotConnectedException or ServiceNotAuthenticatedException
            or TimeoutException or OperationCanceledException)
        {
            await ForgetAsync();
            if (isKept && !handover.HasBegun && exception is (IOException or ProtocolException or ServiceNotConnectedException))
            {
                return null;
            }

            var words = exception is OperationCanceledException or TimeoutException ? "The mail server did not answer in time." : exception.Message;
            return new MailReceipt(handover.HasBegun ? MailOutcome.Unclear : MailOutcome.TryAgain, words);
        }
    }

    private bool IsReady => _client.IsConnected && (options.Value.User.Length == 0 || _client.IsAuthenticated);

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

    private Task ForgetAsync() => _client.IsConnected ? _client.DisconnectAsync(quit: false, CancellationToken.None) : Task.CompletedTask;

    // MailKit tells here that it has begun to hand over the mail itself: from then on the mail may have left.
    private sealed class Handover : ITransferProgress
    {
        public bool HasBegun { get; private set; }

        public void Report(long bytesTransferred, long totalSize) => HasBegun = true;

        public void Report(long bytesTransferred) => HasBegun = true;
    }
}
