using System.Buffers;
using System.Globalization;
using System.Text;

namespace Booking.Jobs.Mail.Lean;

/// <summary>One answer of a mail server.</summary>
/// <param name="Code">Its three digits.</param>
/// <param name="Lines">What stands behind them, line by line.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>Whether it did what it was asked.</summary>
    public bool IsDone => Code is >= 200 and < 300;

    /// <summary>Whether asking again is no use.</summary>
    public bool IsFinal => Code >= 500;

    /// <summary>Whether the server ends the connection with this answer.</summary>
    public bool IsClosing => Code == 421;

    /// <summary>The server's own words on one line, its code first.</summary>
    public string Words => string.Create(CultureInfo.InvariantCulture, $"{Code} {string.Join(' ', Lines)}").TrimEnd();
}

/// <summary>Commands, answers and mails as they stand on the wire (RFC 5321, 4.1, 4.2 and 4.5). What cannot be an answer breaks off.</summary>
internal sealed class SmtpWire(Stream stream) : IDisposable
{
    // RFC 5321 allows 512 octets and names no number of lines. Servers say more, but one without end is no server.
    private const int LongestLine = 2000;
    private const int MostLines = 100;
    private const int LongestMailLine = 998;

    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>The stream beneath, to be protected. Whatever the server said too early would be read as if it had been protected.</summary>
    /// <exception cref="InvalidDataException">It said something already.</exception>
    public Stream Unprotected => _start == _end ? stream : throw new InvalidDataException("The mail server spoke before the connection was protected.");

    /// <summary>Says one line and waits for the answer.</summary>
    public async Task<SmtpReply> AskAsync(string line, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    /// <summary>Hands over a mail as it is; the dots that are doubled on the way are taken out by the server (4.5.2).</summary>
    public async Task WriteMailAsync(ReadOnlyMemory<byte> mail, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Stuff(mail.Span), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>Reads one answer, of one line or several.</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    /// <exception cref="InvalidDataException">What it said is no answer.</exception>
    public async Task<SmtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        List<string> lines = [];
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken);
            var isAnswer = line.Length >= 3 && line[0] is >= '2' and <= '5' && line[..3].All(char.IsAsciiDigit)
                && (line.Length == 3 || line[3] is ' ' or '-');
            if (!isAnswer || lines.Count == MostLines)
            {
                throw new InvalidDataException($"The mail server's answer is none: '{PlainText.OneLine(line)}'.");
            }

            lines.Add(line.Length > 4 ? PlainText.OneLine(line[4..]) : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(int.Parse(line.AsSpan(0, 3), CultureInfo.InvariantCulture), lines);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => stream.Dispose();

    /// <summary>
    /// Whether a mail can be handed over as it is: a line end that is none to some servers could hide the end of the mail, and
    /// what comes after it would be read as commands.
    /// </summary>
    public static bool IsClean(ReadOnlySpan<byte> mail)
    {
        while (mail.Length > 0)
        {
            var end = mail.IndexOfAny((byte)'\r', (byte)'\n');
            if (end is < 0 or > LongestMailLine || !mail[end..].StartsWith("\r\n"u8))
            {
                return false;
            }

            mail = mail[(end + 2)..];
        }

        return true;
    }

    private static ReadOnlyMemory<byte> Stuff(ReadOnlySpan<byte> mail)
    {
        var stuffed = new ArrayBufferWriter<byte>(mail.Length + 64);
        while (mail.Length > 0)
        {
            if (mail[0] == '.')
            {
                stuffed.Write("."u8);
            }

            // To the next line that begins with a dot, or to the end.
            var next = mail.IndexOf("\r\n."u8);
            var part = next < 0 ? mail : mail[..(next + 2)];
            stuffed.Write(part);
            mail = mail[part.Length..];
        }

        stuffed.Write(".\r\n"u8);
        return stuffed.WrittenMemory;
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            if (_end - _start > LongestLine)
            {
                throw new InvalidDataException("The mail server's answer does not end.");
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException("The mail server closed the connection.");
            }

            _end += read;
        }
    }
}
