using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Booking.TestSupport;

/// <summary>
/// The whole application over a database of its own: use as <c>IClassFixture&lt;BookingHost&gt;</c>. Make rows with <see cref="Data"/>,
/// move the time with <see cref="Clock"/>, and come in as anybody with <see cref="SignInAsync"/>.
/// </summary>
public sealed partial class BookingHost : WebApplicationFactory<Program>, IAsyncDisposable
{
    private readonly TestDatabase _database = TestDatabase.CreateAsync().GetAwaiter().GetResult();
    private readonly string _environment;
    private readonly IReadOnlyDictionary<string, string> _settings;

    // A host watches its files with inotify, of which a user has 128, and lets go of them only when it is collected: hundreds of
    // hosts run out of them. Nothing changes files under a test, so nothing is watched.
    static BookingHost()
    {
        Environment.SetEnvironmentVariable("DOTNET_USE_POLLING_FILE_WATCHER", "1");
        Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
        Environment.SetEnvironmentVariable("ASPNETCORE_hostBuilder__reloadConfigOnChange", "false");
    }

    public BookingHost() : this("Development", new Dictionary<string, string>())
    {
    }

    private BookingHost(string environment, IReadOnlyDictionary<string, string> settings)
    {
        _environment = environment;
        _settings = settings;
        ClientOptions.BaseAddress = new Uri("https://localhost");
        ClientOptions.AllowAutoRedirect = false;
    }

    /// <summary>A host set up otherwise than the demonstration.</summary>
    public static BookingHost Create(string environment = "Development", params (string Key, string Value)[] settings) =>
        new(environment, settings.ToDictionary(s => s.Key, s => s.Value));

    /// <summary>The host's database.</summary>
    public TestDatabase Database => _database;

    /// <summary>Makes rows.</summary>
    public TestData Data => _database.Data;

    /// <summary>The host's clock.</summary>
    public FakeClock Clock => _database.Clock;

    /// <summary>A stranger's browser with cookies; it follows redirects when asked to.</summary>
    public HttpClient Stranger(bool followRedirects = false) => CreateClient(new WebApplicationFactoryClientOptions
    {
        BaseAddress = new Uri("https://localhost"),
        AllowAutoRedirect = followRedirects,
    });

    /// <summary>A browser signed in through the demonstration's real form.</summary>
    public async Task<HttpClient> SignInAsync(string email, bool followRedirects = false)
    {
        var client = Stranger(followRedirects);
        var answer = await client.PostFormAsync("/sign-in", new() { ["email"] = email });
        return answer.StatusCode == HttpStatusCode.Redirect || (followRedirects && answer.IsSuccessStatusCode)
            ? client
            : throw new InvalidOperationException($"Sign-in answered {(int)answer.StatusCode}: nobody knows the address.");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_environment);
        builder.UseSetting("ConnectionStrings:Booking", _database.ConnectionString);
        builder.UseSetting("role", "web");
        builder.UseSetting("Site:BaseUrl", "https://localhost");
        builder.UseSetting("Logging:LogLevel:Default", "Error");
        builder.UseSetting("Logging:LogLevel:Microsoft", "Error");
        // Nothing listens in a test, so nothing needs the port that a running copy may hold.
        builder.UseSetting("urls", "http://127.0.0.1:0");
        // What a test has just changed is what it sees; tests of the cache ask for it.
        builder.UseSetting("Catalogue:CacheSeconds", "0");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock)));
    }
}

/// <summary>What a browser does with forms.</summary>
public static partial class HttpClientForms
{
    /// <summary>A page as somebody reads it: with its entities decoded.</summary>
    public static async Task<string> ReadAsync(this HttpClient client, string url) =>
        WebUtility.HtmlDecode(await client.GetStringAsync(new Uri(url, UriKind.Relative)));

    /// <summary>Opens the page that has the form, takes its antiforgery token, and posts.</summary>
    /// <param name="client">A client with cookies.</param>
    /// <param name="url">Where to post.</param>
    /// <param name="fields">What is typed; for repeated fields use the other overload.</param>
    /// <param name="page">The page with the form; the same address unless given.</param>
    public static Task<HttpResponseMessage> PostFormAsync(
        this HttpClient client, string url, Dictionary<string, string> fields, string? page = null) =>
        client.PostFieldsAsync(url, fields, page);

    /// <summary>The same with fields that may repeat.</summary>
    public static async Task<HttpResponseMessage> PostFieldsAsync(
        this HttpClient client, string url, IEnumerable<KeyValuePair<string, string>> fields, string? page = null)
    {
        var html = await client.GetStringAsync(page ?? url);
        var token = Token().Match(html) is { Success: true } match
            ? match.Groups["token"].Value
            : throw new InvalidOperationException($"No form with an antiforgery token on {page ?? url}.");
        using var content = new FormUrlEncodedContent([.. fields, new("__RequestVerificationToken", token)]);
        return await client.PostAsync(url, content);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
