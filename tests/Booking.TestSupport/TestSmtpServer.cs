using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Booking.TestSupport;

/// <summary>A mail that the test's server took, byte for byte as it was before it was sent.</summary>
public sealed record TakenMail(string EnvelopeFrom, string EnvelopeTo, byte[] Bytes, int Connection)
{
    /// <summary>The same as text, one character an octet.</summary>
    public string Message => Encoding.Latin1.GetString(Bytes);
}

/// <summary>
/// A mail server on a free port of this machine. The recipient decides what it does: <c>refused@</c> is refused for good,
/// <c>later@</c> for now, <c>spam@</c> after the mail was read, <c>broken@</c> loses the connection before the answer. Whatever else
/// it is to do wrong is told with <see cref="Fail"/>.
/// </summary>
public sealed class TestSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TakenMail> _taken;
    private readonly ConcurrentQueue<string> _commands = [];
    private readonly List<SmtpFault> _faults = [];
    private readonly ConcurrentDictionary<TcpClient, int> _clients = [];
    private readonly Task _serving;
    private int _connections;
    private int _takenCount;
    private int _isDisposed;

    /// <summary>Starts it.</summary>
    /// <param name="record">Where it writes down what it takes, when several servers are to have one record.</param>
    public TestSmtpServer(List<TakenMail>? record = null)
    {
        _taken = record ?? [];
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What it offers after EHLO.</summary>
    public IReadOnlyList<string> Offers { get; init; } = ["PIPELINING", "SIZE 10485760", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

    /// <summary>With one, it offers STARTTLS, or protects the connection from the first byte when <see cref="IsImplicit"/>.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether TLS begins with the first byte.</summary>
    public bool IsImplicit { get; init; }

    /// <summary>How many mails it takes on one connection before it says <see cref="Parting"/> and closes; 0 for any number.</summary>
    public int MailsPerConnection { get; init; }

    /// <summary>What it says before it closes a connection that has had its mails; empty to close it without a word.</summary>
    public string Parting { get; init; } = "";

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many connections there are now.</summary>
    public int Open => _clients.Count;

    /// <summary>What it was told on all connections, without the mails.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

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

    /// <summary>How many it took itself.</summary>
    public int TakenCount => Volatile.Read(ref _takenCount);

    /// <summary>Misbehaves once for each fault, in their order at each stage.</summary>
    public void Fail(params SmtpFault[] faults)
    {
        lock (_faults)
        {
            _faults.AddRange(faults);
        }
    }

    /// <summary>Drops every line without a word, as a server that is started anew.</summary>
    public void DropAll()
    {
        foreach (var client in _clients.Keys)
        {
            client.Dispose();
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
        DropAll();
        _listener.Dispose();
        _stop.Dispose();
    }

    internal void Heard(string command) => _commands.Enqueue(command);

    internal void Take(TakenMail mail)
    {
        lock (_taken)
        {
            _taken.Add(mail);
            _takenCount++;
        }
    }

    internal SmtpFault? NextFault(SmtpStage stage)
    {
        lock (_faults)
        {
            var fault = _faults.Find(fault => fault.Stage == stage);
            if (fault is not null)
            {
                _faults.Remove(fault);
            }

            return fault;
        }
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = TalkAsync(client, Interlocked.Increment(ref _connections), _stop.Token);
        }
    }

    private async Task TalkAsync(TcpClient client, int number, CancellationToken stop)
    {
        client.NoDelay = true;
        _clients[client] = number;
        try
        {
            await new TestSmtpTalk(this, client.GetStream(), number).RunAsync(stop);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            // The client or the test ended the conversation.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            client.Dispose();
        }
    }
}
