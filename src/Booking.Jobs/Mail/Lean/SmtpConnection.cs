using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Booking.Jobs.Mail.Lean;

/// <summary>The server will not talk to us, or not any more.</summary>
/// <param name="words">Its words.</param>
internal sealed class SmtpClosedException(string words) : IOException(words);

/// <summary>One conversation with a mail server (RFC 5321), from its greeting to QUIT; protected (RFC 3207) and signed in (RFC 4954) as configured.</summary>
internal sealed class SmtpConnection : IDisposable
{
    private readonly TcpClient _client;
    private SmtpWire _wire;
    private IReadOnlyList<string> _offers = [];

    private SmtpConnection(TcpClient client)
    {
        _client = client;
        _wire = new SmtpWire(client.GetStream());
    }

    /// <summary>Whether the end of the latest mail may have reached the server without its answer reaching us.</summary>
    public bool MayHaveLeft { get; private set; }

    /// <summary>Whether there is no use in going on with this connection.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Connects, and goes on until a mail can be sent.</summary>
    /// <exception cref="IOException">The server is not there, breaks off or refuses.</exception>
    public static async Task<SmtpConnection> OpenAsync(MailOptions options, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(options.Host, options.Port, cancellationToken);
            var connection = new SmtpConnection(client);
            await connection.BeginAsync(options, cancellationToken);
            return connection;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends one mail. The conversation can go on with the next one whatever the server answers, unless <see cref="IsOver"/>.</summary>
    /// <exception cref="SmtpClosedException">The server said, before it had anything of the mail, that it closes.</exception>
    public async Task<MailReceipt> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        MayHaveLeft = false;
        var needs8Bit = !Ascii.IsValid(mail.Message.Span);
        if (needs8Bit && !Offers("8BITMIME"))
        {
            return new MailReceipt(MailOutcome.TryAgain, "The mail server does not offer 8BITMIME, which this mail needs.");
        }

        var sender = await AskAsync($"MAIL FROM:<{mail.EnvelopeFrom}>{(needs8Bit ? " BODY=8BITMIME" : "")}", cancellationToken);
        if (!sender.IsDone)
        {
            return await ResetAsync(MailOutcome.TryAgain, sender, cancellationToken);
        }

        var recipient = await AskAsync($"RCPT TO:<{mail.EnvelopeTo}>", cancellationToken);
        if (!recipient.IsDone)
        {
            return await ResetAsync(recipient.IsFinal ? MailOutcome.Refused : MailOutcome.TryAgain, recipient, cancellationToken);
        }

        var data = await AskAsync("DATA", cancellationToken);
        if (data.Code != 354)
        {
            return await ResetAsync(MailOutcome.TryAgain, data, cancellationToken);
        }

        MayHaveLeft = true;
        await _wire.WriteMailAsync(mail.Message, cancellationToken);
        var answer = await _wire.ReadAsync(cancellationToken);
        return answer.IsDone
            ? new MailReceipt(MailOutcome.Accepted, answer.Words)
            : await ResetAsync(MailOutcome.TryAgain, answer, cancellationToken);
    }

    /// <summary>Takes leave, if the server has the time for it.</summary>
    public async Task QuitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _wire.AskAsync("QUIT", cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException)
        {
            // Whatever it would have said does not matter any more.
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _wire.Dispose();
        _client.Dispose();
    }

    private async Task BeginAsync(MailOptions options, CancellationToken cancellationToken)
    {
        if (options.Tls == MailTls.Implicit)
        {
            await ProtectAsync(options.Host, cancellationToken);
        }

        Expect(await _wire.ReadAsync(cancellationToken));
        await HelloAsync(cancellationToken);
        if (options.Tls == MailTls.StartTls)
        {
            Expect(await AskAsync("STARTTLS", cancellationToken));
            await ProtectAsync(options.Host, cancellationToken);
            // What was offered in the clear is not believed.
            await HelloAsync(cancellationToken);
        }

        if (options.User.Length > 0)
        {
            await SignInAsync(options, cancellationToken);
        }
    }

    // A machine without a full name says its address (RFC 5321, 4.1.3).
    private async Task HelloAsync(CancellationToken cancellationToken)
    {
        var name = Dns.GetHostName();
        var address = ((IPEndPoint)_client.Client.LocalEndPoint!).Address;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var literal = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{address}]" : $"[{address}]";
        var hello = Expect(await AskAsync($"EHLO {(name.Contains('.', StringComparison.Ordinal) ? name : literal)}", cancellationToken));
        _offers = [.. hello.Lines.Skip(1)];
    }

    private async Task ProtectAsync(string host, CancellationToken cancellationToken)
    {
        var secure = new SslStream(_wire.Unprotected);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellationToken);
        _wire = new SmtpWire(secure);
    }

    private async Task SignInAsync(MailOptions options, CancellationToken cancellationToken)
    {
        if (Offers("AUTH", "PLAIN"))
        {
            Expect(await AskAsync($"AUTH PLAIN {Base64($"\0{options.User}\0{options.Password}")}", cancellationToken));
        }
        else if (Offers("AUTH", "LOGIN"))
        {
            Expect(await AskAsync("AUTH LOGIN", cancellationToken), 334);
            Expect(await AskAsync(Base64(options.User), cancellationToken), 334);
            Expect(await AskAsync(Base64(options.Password), cancellationToken));
        }
        else
        {
            throw new SmtpClosedException("The mail server offers neither AUTH PLAIN nor AUTH LOGIN.");
        }
    }

    private async Task<SmtpReply> AskAsync(string line, CancellationToken cancellationToken)
    {
        var answer = await _wire.AskAsync(line, cancellationToken);
        return answer.IsClosing ? throw new SmtpClosedException(answer.Words) : answer;
    }

    // The server forgets the mail that it did not take. When even that fails, the answer to the mail stands all the same.
    private async Task<MailReceipt> ResetAsync(MailOutcome outcome, SmtpReply answer, CancellationToken cancellationToken)
    {
        try
        {
            IsOver = answer.IsClosing || !(await _wire.AskAsync("RSET", cancellationToken)).IsDone;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException)
        {
            IsOver = true;
        }

        return new MailReceipt(outcome, answer.Words);
    }

    private bool Offers(string what, string? kind = null) => _offers
        .Select(line => line.Split(' '))
        .Any(words => words[0].Equals(what, StringComparison.OrdinalIgnoreCase)
            && (kind is null || words.Skip(1).Contains(kind, StringComparer.OrdinalIgnoreCase)));

    private static SmtpReply Expect(SmtpReply answer, int? code = null) =>
        (code is null ? answer.IsDone : answer.Code == code) ? answer : throw new SmtpClosedException(answer.Words);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
