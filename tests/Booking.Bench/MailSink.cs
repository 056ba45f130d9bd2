using System.Net;
using System.Net.Sockets;

namespace Booking.Bench;

/// <summary>A mail server that takes everything and keeps nothing but the count.</summary>
internal sealed class MailSink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _taken;

    public MailSink()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public long Taken => Interlocked.Read(ref _taken);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        while (true)
        {
            _ = TalkAsync(await _listener.AcceptTcpClientAsync());
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var connected = client;
        client.NoDelay = true;
        var stream = client.GetStream();
        var buffer = new byte[64 * 1024];
        var (end, isMail) = (0, false);
        try
        {
            await stream.WriteAsync("220 sink\r\n"u8.ToArray());
            while (await stream.ReadAsync(buffer.AsMemory(end)) is var read and > 0)
            {
                end += read;
                if (isMail ? !buffer.AsSpan(0, end).EndsWith("\r\n.\r\n"u8) : !buffer.AsSpan(0, end).EndsWith("\r\n"u8))
                {
                    // Of a mail only the end is of interest.
                    end = isMail && end > 8 ? Keep(buffer, end) : end;
                    continue;
                }

                var answer = isMail ? Take() : buffer.AsSpan(0, 4).SequenceEqual("DATA"u8) ? Begin : Done;
                isMail = ReferenceEquals(answer, Begin);
                end = 0;
                await stream.WriteAsync(answer);
            }
        }
        catch (IOException)
        {
            // The client is gone.
        }
    }

    private static readonly byte[] Begin = "354 go ahead\r\n"u8.ToArray();
    private static readonly byte[] Done = "250 ok\r\n"u8.ToArray();

    private static int Keep(byte[] buffer, int end)
    {
        buffer.AsSpan(end - 8, 8).CopyTo(buffer);
        return 8;
    }

    private byte[] Take()
    {
        Interlocked.Increment(ref _taken);
        return Done;
    }
}
