using System.Text.RegularExpressions;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

/// <summary>The product's mail over a database of its own, and a mail server that answers as the test tells it.</summary>
public sealed class MailCase : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private readonly bool _ownsDatabase;

    private OutboxWorker? _worker;

    private MailCase(TestDatabase database, bool ownsDatabase, TestSmtpServer? server = null, params (string Key, string Value)[] settings)
    {
        Database = database;
        _ownsDatabase = ownsDatabase;
        _services = JobHost.Create(
            database,
            services =>
            {
                services.AddSingleton<WorkerHeartbeat>();
                services.AddTransient<OutboxWorker>();
                if (server is null)
                {
                    services.Replace(ServiceDescriptor.Singleton<IMailTransport>(Server));
                }
            },
            [
                ("Site:BaseUrl", "https://kurser.example.org"),
                ("Mail:From", "kurser@region.example"),
                ("Mail:Host", server is null ? "" : "127.0.0.1"),
                ("Mail:Port", $"{server?.Port ?? 25}"),
                ("Mail:Tls", "None"),
                .. settings,
            ]);
    }

    public TestDatabase Database { get; }

    public ScriptedTransport Server { get; } = new();

    /// <summary>With a server in memory and other settings.</summary>
    public static async Task<MailCase> CreateAsync(params (string Key, string Value)[] settings) =>
        new(await TestDatabase.CreateAsync(), ownsDatabase: true, server: null, settings);

    /// <summary>With the real transport of this stack, and a server that it talks to.</summary>
    public static async Task<MailCase> CreateAsync(TestSmtpServer server, params (string Key, string Value)[] settings) =>
        new(await TestDatabase.CreateAsync(), ownsDatabase: true, server, settings);

    /// <summary>Mail over a database that the test has already.</summary>
    public static MailCase Over(TestDatabase database) => new(database, ownsDatabase: false);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A class that the product makes outside its registrations, such as a worker.</summary>
    public T New<T>(params object[] parameters) => ActivatorUtilities.CreateInstance<T>(_services, parameters);

    /// <summary>Lets a worker deliver until nothing is due.</summary>
    public async Task DeliverAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        _worker ??= Get<OutboxWorker>();
        while (await _worker.DeliverBatchAsync(stop, stop) > 0)
        {
            // Until nothing is due.
        }
    }

    /// <summary>The secret of the personal link in a mail's text.</summary>
    public static string Token(string text, string path) => Regex.Match(
        text, $"https://kurser.example.org{path}(?<token>[A-Za-z0-9_-]{{43}})\\s", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["token"].Value;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_ownsDatabase)
        {
            await Database.DisposeAsync();
        }
    }
}
