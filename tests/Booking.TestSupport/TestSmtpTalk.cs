using System.Net.Security;
using System.Text;

namespace Booking.TestSupport;

/// <summary>One connection to the mail server of a test.</summary>
internal sealed class TestSmtpTalk(TestSmtpServer server, Stream stream, int number)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Stream _stream = stream;
    private bool _isProtected;
    private int _start;
    private int _end;
    private int _mails;
    private string _from = "";
    private string _to = "";

    public async Task RunAsync(CancellationToken stop)
    {
        if (server.IsImplicit)
        {
            await ProtectAsync(stop);
        }

        var isGoingOn = await AnswerAsync(SmtpStage.Greeting, "220 test.example.org ready", stop);
        while (isGoingOn && await ReadLineAsync(stop) is { } octets)
        {
            var line = Encoding.Latin1.GetString(octets);
            server.Heard(line);
            isGoingOn = line.Split(' ', ':')[0].ToUpperInvariant() switch
            {
                "EHLO" or "HELO" => await AnswerAsync(SmtpStage.Hello, Hello(), stop),
                "STARTTLS" => await StartTlsAsync(stop),
                "AUTH" => await SignInAsync(line, stop),
                "MAIL" => await SenderAsync(line, stop),
                "RCPT" => await RecipientAsync(line, stop),
                "DATA" => await DataAsync(stop),
                "QUIT" => await SayAsync("221 2.0.0 bye", stop) && false,
                "RSET" or "NOOP" => await SayAsync("250 2.0.0 ok", stop),
                _ => await SayAsync("500 5.5.2 what?", stop),
            };
        }
    }

    private string Hello()
    {
        var offers = server.Offers
            .Concat(server.Certificate is not null && !_isProtected ? ["STARTTLS"] : [])
            .Prepend("test.example.org")
            .ToList();
        return string.Join("\r\n", offers.Select((offer, i) => $"250{(i == offers.Count - 1 ? ' ' : '-')}{offer}"));
    }

    private async Task<bool> StartTlsAsync(CancellationToken stop)
    {
        if (server.Certificate is null)
        {
            return await SayAsync("502 5.5.1 not here", stop);
        }

        await SayAsync("220 2.0.0 begin", stop);
        await ProtectAsync(stop);
        return true;
    }

    private async Task ProtectAsync(CancellationToken stop)
    {
        var secure = new SslStream(_stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = server.Certificate }, stop);
        _stream = secure;
        _isProtected = true;
    }

    // The user "user" with the password "pass word".
    private async Task<bool> SignInAsync(string line, CancellationToken stop)
    {
        var words = line.Split(' ');
        var said = words.Length > 2 ? Decode(words[2]) : "";
        if (words[1] == "LOGIN")
        {
            await SayAsync("334 VXNlcm5hbWU6", stop);
            said = $"\0{Decode(Encoding.Latin1.GetString((await ReadLineAsync(stop))!))}";
            await SayAsync("334 UGFzc3dvcmQ6", stop);
            said = $"{said}\0{Decode(Encoding.Latin1.GetString((await ReadLineAsync(stop))!))}";
        }

        return await SayAsync(said == "\0user\0pass word" ? "235 2.7.0 welcome" : "535 5.7.8 wrong", stop);
    }

    private async Task<bool> SenderAsync(string line, CancellationToken stop)
    {
        if (server.MailsPerConnection > 0 && _mails >= server.MailsPerConnection)
        {
            return (server.Parting.Length == 0 || await SayAsync(server.Parting, stop)) && false;
        }

        _from = Address(line);
        return await AnswerAsync(SmtpStage.Sender, "250 2.1.0 sender ok", stop);
    }

    private Task<bool> RecipientAsync(string line, CancellationToken stop)
    {
        _to = Address(line);
        return AnswerAsync(
            SmtpStage.Recipient,
            _to.StartsWith("refused@", StringComparison.Ordinal) ? "550 5.1.1 no such mailbox here"
            : _to.StartsWith("later@", StringComparison.Ordinal) ? "451 4.7.1 greylisted, come back later"
            : "250 2.1.5 recipient ok",
            stop);
    }

    private async Task<bool> DataAsync(CancellationToken stop)
    {
        if (server.NextFault(SmtpStage.Data) is { } notReady)
        {
            return await MisbehaveAsync(notReady, stop);
        }

        await SayAsync("354 go ahead", stop);
        using var mail = new MemoryStream();
        while (await ReadLineAsync(stop) is { } line)
        {
            if (line is [(byte)'.'])
            {
                return await MessageAsync(new TakenMail(_from, _to, mail.ToArray(), number), stop);
            }

            mail.Write(line.AsSpan(line is [(byte)'.', ..] ? 1 : 0));
            mail.Write("\r\n"u8);
        }

        return false;
    }

    private async Task<bool> MessageAsync(TakenMail mail, CancellationToken stop)
    {
        _mails++;
        var fault = server.NextFault(SmtpStage.Message);
        if (fault is { TakesMail: false })
        {
            return await MisbehaveAsync(fault, stop);
        }

        if (_to.StartsWith("broken@", StringComparison.Ordinal))
        {
            return false;
        }

        if (_to.StartsWith("spam@", StringComparison.Ordinal))
        {
            return await SayAsync("554 5.7.1 this looks like spam", stop);
        }

        server.Take(mail);
        return fault is null ? await SayAsync("250 2.0.0 queued as 12345", stop) : await MisbehaveAsync(fault, stop);
    }

    private Task<bool> AnswerAsync(SmtpStage stage, string answer, CancellationToken stop) =>
        server.NextFault(stage) is { } fault ? MisbehaveAsync(fault, stop) : SayAsync(answer, stop);

    private async Task<bool> MisbehaveAsync(SmtpFault fault, CancellationToken stop)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(fault.Says), stop);
        await _stream.FlushAsync(stop);
        if (fault.Then == SmtpThen.Stalls)
        {
            // Until the client is tired of it.
            while (await _stream.ReadAsync(_buffer, stop) > 0)
            {
                // Nothing is answered.
            }
        }

        return fault.Then == SmtpThen.GoesOn;
    }

    private async Task<bool> SayAsync(string line, CancellationToken stop)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes($"{line}\r\n"), stop);
        await _stream.FlushAsync(stop);
        return true;
    }

    // Only CRLF ends a line: what else looks like one is part of it.
    private async Task<byte[]?> ReadLineAsync(CancellationToken stop)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = _buffer.AsSpan(_start, length).ToArray();
                _start += length + 2;
                return line;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), stop);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private static string Address(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
