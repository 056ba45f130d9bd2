using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Booking.TestSupport;

/// <summary>A mail that the test's server took.</summary>
public sealed record TakenMail(string EnvelopeFrom, string EnvelopeTo, string Message, int Connection);

/// <summary>
/// A mail server on a free port of this machine. The recipient decides what it does: <c>refused@</c> is refused for good,
/// <c>later@</c> for now, <c>spam@</c> after the mail was read, <c>broken@</c> loses the connection before the answer.
/// </summary>
public sealed class TestSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TakenMail> _taken = [];
    private readonly Task _serving;
    private int _connections;
    private int _isDisposed;

    public TestSmtpServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What it took, in order.</summary>
    public IReadOnlyList<TakenMail> Taken
    {
        get
        {
            lock (_taken)
            {
                return [.. _taken];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = TalkAsync(client, Interlocked.Increment(ref _connections));
        }
    }

    private async Task TalkAsync(TcpClient client, int connection)
    {
        using var connected = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        try
        {
            await writer.WriteLineAsync("220 test.example.org ready");
            var (from, to) = ("", "");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line.StartsWith("MAIL FROM:", StringComparison.OrdinalIgnoreCase))
                {
                    from = Address(line);
                    await writer.WriteLineAsync("250 2.1.0 sender ok");
                }
                else if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase))
                {
                    to = Address(line);
                    await writer.WriteLineAsync(
                        to.StartsWith("refused@", StringComparison.Ordinal) ? "550 5.1.1 no such mailbox here"
                        : to.StartsWith("later@", StringComparison.Ordinal) ? "451 4.7.1 greylisted, come back later"
                        : "250 2.1.5 recipient ok");
                }
                else if (line == "DATA")
                {
                    await writer.WriteLineAsync("354 go ahead");
                    if (!await TakeAsync(reader, writer, from, to, connection))
                    {
                        return;
                    }
                }
                else
                {
                    await writer.WriteLineAsync(line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase) ? "221 bye" : "250 test.example.org");
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client or the test ended the conversation.
        }
    }

    private async Task<bool> TakeAsync(StreamReader reader, StreamWriter writer, string from, string to, int connection)
    {
        var message = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            message.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        if (to.StartsWith("broken@", StringComparison.Ordinal))
        {
            return false;
        }

        if (to.StartsWith("spam@", StringComparison.Ordinal))
        {
            await writer.WriteLineAsync("554 5.7.1 this looks like spam");
            return true;
        }

        lock (_taken)
        {
            _taken.Add(new TakenMail(from, to, message.ToString(), connection));
        }

        await writer.WriteLineAsync("250 2.0.0 queued as 12345");
        return true;
    }

    private static string Address(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
