using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Mail.Lean;

/// <summary>Sends the rendered bytes as they are, many mails on one connection (docs/adr/0008-own-smtp-client.md).</summary>
public sealed class SmtpMailTransport(IOptions<MailOptions> options, TimeProvider clock) : IMailTransport, IDisposable
{
    private static readonly TimeSpan TimeToQuit = TimeSpan.FromSeconds(2);

    private SmtpConnection? _connection;
    private DateTimeOffset _usedAt;

    /// <inheritdoc />
    public async Task<MailReceipt> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        if (!SmtpWire.IsClean(mail.Message.Span))
        {
            return new MailReceipt(MailOutcome.TryAgain, "This mail has lines that cannot be sent.");
        }

        await RestAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.Patience);
        return await TryAsync(mail, isKept: _connection is not null, patience.Token)
            ?? (await TryAsync(mail, isKept: false, patience.Token))!;
    }

    /// <inheritdoc />
    public Task RestAsync(CancellationToken cancellationToken) =>
        _connection is not null && clock.GetUtcNow() - _usedAt >= IMailTransport.LongestRest ? CloseAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc />
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_connection is { } connection)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(TimeToQuit);
            await connection.QuitAsync(patience.Token);
            Forget();
        }
    }

    /// <inheritdoc />
    public void Dispose() => Forget();

    // Null: a connection from before was no longer there. Servers close those that they find too old or too much used; nothing
    // of this mail was said, so it is said at once on a new one.
    private async Task<MailReceipt?> TryAsync(OutgoingMail mail, bool isKept, CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= await SmtpConnection.OpenAsync(options.Value, cancellationToken);
            var receipt = await _connection.SendAsync(mail, cancellationToken);
            _usedAt = clock.GetUtcNow();
            if (_connection.IsOver)
            {
                Forget();
            }

            return receipt;
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or InvalidDataException
            or OperationCanceledException)
        {
            var mayHaveLeft = _connection?.MayHaveLeft == true;
            Forget();
            if (isKept && !mayHaveLeft && exception is IOException)
            {
                return null;
            }

            var words = exception is OperationCanceledException ? "The mail server did not answer in time." : exception.Message;
            return new MailReceipt(mayHaveLeft ? MailOutcome.Unclear : MailOutcome.TryAgain, words);
        }
    }

    private void Forget()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
