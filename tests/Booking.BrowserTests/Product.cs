using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Booking.BrowserTests;
using Booking.Data.Bookings;
using Booking.Data.Database;
using Microsoft.Playwright;
using Npgsql;
using Xunit;
using Cookie = Microsoft.Playwright.Cookie;

[assembly: AssemblyFixture(typeof(Product))]

namespace Booking.BrowserTests;

/// <summary>
/// Journeys change what is in the product, so they go one after the other, each with runs and people of its own. Tests that
/// only look are in no collection and run beside them.
/// </summary>
[CollectionDefinition(nameof(Journeys))]
public sealed class Journeys;

/// <summary>
/// The product as a newcomer starts it: the real program with its own PostgreSQL, the demonstration plan and mail in files,
/// and a Chromium to look at it.
/// </summary>
public sealed class Product : IAsyncLifetime
{
    private static readonly string[] ChromiumArguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    // Milliseconds. Costs nothing when all is well; a machine that does much else at the same time answers late, not wrongly.
    private const int Patience = 60_000;

    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<Cookie>>>> _signedIn = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("booking-browser-").FullName;
    private Process? _process;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public string Address { get; } = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Where screenshots are left for people to look at.</summary>
    public static string Screens { get; } =
        Directory.CreateDirectory(Path.Combine(Root(), "artifacts", "screens")).FullName;

    public async ValueTask InitializeAsync()
    {
        Start();
        await WaitUntilReadyAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium(), Headless = true, Args = ChromiumArguments });
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.CloseAsync() ?? Task.CompletedTask);
        _playwright?.Dispose();
        if (_process is { } process)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
        Assert.Empty(_faults);
    }

    /// <summary>A browser window with cookies of its own.</summary>
    /// <param name="script">Whether it runs JavaScript.</param>
    /// <param name="width">390 is a phone, 1280 a desk.</param>
    public async Task<IPage> OpenAsync(bool script = true, int width = 1280)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Address,
            JavaScriptEnabled = script,
            ViewportSize = new() { Width = width, Height = 900 },
            Locale = "da-DK",
            TimezoneId = "Europe/Copenhagen",
        });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        // A script error or a refused resource is a fault of the page, whatever the journey looks at.
        page.PageError += (_, error) => _faults.Enqueue($"{page.Url}: {error}");
        page.Console += (_, message) =>
        {
            // A request that is overtaken by the next one, or by leaving the page, is given up: htmx says so, and means no harm.
            if (message.Type == "error"
                && !message.Text.Contains("status of 4", StringComparison.Ordinal)
                && !message.Text.StartsWith("htmx:sendAbort", StringComparison.Ordinal)
                && !message.Text.StartsWith("htmx:afterRequest", StringComparison.Ordinal))
            {
                _faults.Enqueue($"{page.Url}: {message.Text}");
            }
        };
        return page;
    }

    /// <summary>Script errors and content policy violations since the start.</summary>
    public IReadOnlyList<string> Faults => [.. _faults];

    /// <summary>Signs in through the demonstration's page.</summary>
    public static async Task SignInAsync(IPage page, string email)
    {
        await page.GotoAsync("/sign-in");
        await page.Locator($"button[value='{email}']").ClickAsync();
        await Assertions.Expect(page.Locator("form[action='/sign-out']")).ToBeVisibleAsync();
    }

    /// <summary>Makes somebody else look through a window. Each person signs in once; from then on the cookies are enough.</summary>
    /// <param name="page">The window.</param>
    /// <param name="email">Who; null for nobody who is known.</param>
    public async Task SwitchToAsync(IPage page, string? email)
    {
        await page.Context.ClearCookiesAsync();
        if (email is not null)
        {
            await page.Context.AddCookiesAsync(
                await _signedIn.GetOrAdd(email, who => new Lazy<Task<IReadOnlyList<Cookie>>>(() => SignInOnceAsync(who))).Value);
        }
    }

    private async Task<IReadOnlyList<Cookie>> SignInOnceAsync(string email)
    {
        var page = await OpenAsync();
        await SignInAsync(page, email);
        var cookies = await page.Context.CookiesAsync();
        await page.Context.CloseAsync();
        return [.. cookies.Select(cookie => new Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = cookie.Domain,
            Path = cookie.Path,
            Expires = cookie.Expires,
            HttpOnly = cookie.HttpOnly,
            Secure = cookie.Secure,
            SameSite = cookie.SameSite,
        })];
    }

    /// <summary>A link of the warning before a release; the warning itself leaves only days before, whenever that is.</summary>
    /// <param name="run">The run's code.</param>
    /// <param name="department">The department's code.</param>
    /// <param name="secretary">Whose link it is.</param>
    public async Task<string> AddReleaseLinkAsync(string run, string department, string secretary)
    {
        var token = LinkToken.Create();
        var options = new PostgresClusterOptions { Folder = Path.Combine(_folder, "postgres"), JoinsRunning = true };
        await using var cluster = await PostgresCluster.StartAsync(options, CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
        await using var command = source.CreateCommand(
            """
            insert into links (token_hash, purpose, run_id, department_id, owner_email, created_at, expires_at)
            select $1, 'release.decide', run_id, department_id, $4, now(), release_at
            from runs, departments
            where runs.code = $2 and departments.code = $3
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = LinkToken.Hash(token) }, new() { Value = run }, new() { Value = department }, new() { Value = secretary },
        });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        return $"/release/{token}";
    }

    /// <summary>
    /// A link to the attendance of a run whose first session began ten minutes ago, with some employees on it: the demonstration
    /// plan lies ahead, whenever that is.
    /// </summary>
    /// <param name="run">The run's code.</param>
    /// <param name="people">How many.</param>
    public async Task<string> AddAttendanceLinkAsync(string run, int people)
    {
        var token = LinkToken.Create();
        var options = new PostgresClusterOptions { Folder = Path.Combine(_folder, "postgres"), JoinsRunning = true };
        await using var cluster = await PostgresCluster.StartAsync(options, CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
        await using var command = source.CreateCommand(
            """
            with source as (
                select *, starts_at - now() + interval '10 minutes' as by from runs where code = $1
            ), run as (
                insert into runs (code, course_id, plan_year, status, time_zone, starts_at, ends_at, venue_name, capacity, sign_up_opens_at,
                    sign_up_closes_at, release_at, released_at, cancellation_deadline_at, instructor_email, published_at)
                select code || '-now', course_id, plan_year, 'published', time_zone, starts_at - by, ends_at - by, venue_name, $2,
                    sign_up_opens_at - by, sign_up_closes_at - by, release_at - by, now(), cancellation_deadline_at - by, instructor_email, now()
                from source
                returning run_id, instructor_email
            ), days as (
                insert into sessions (run_id, number, starts_at, ends_at)
                select run.run_id, sessions.number, sessions.starts_at - by, sessions.ends_at - by
                from run, source join sessions using (run_id)
                where sessions.cancelled_at is null
            ), taken as (
                insert into seats (run_id, number, pool, status)
                select run_id, number, 'open', 'taken' from run, generate_series(1, $2) as number
                returning run_id, number
            ), booked as (
                insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
                select run_id, number, person_id, department_id, 'open', 'booked', 'secretary', 'test', now()
                from taken
                join (select person_id, department_id, row_number() over (order by person_id desc) as number
                      from people where kind = 'employee') as employee using (number)
            )
            insert into links (token_hash, purpose, run_id, owner_email, created_at, expires_at)
            select $3, 'attendance.mark', run_id, instructor_email, now(), now() + interval '14 days'
            from run
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = run }, new() { Value = people }, new() { Value = LinkToken.Hash(token) },
        });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        return $"/attendance/{token}";
    }

    /// <summary>A form after a course, as if its mail had just left: somebody is on the run and counts as having attended.</summary>
    /// <param name="run">The run's code.</param>
    /// <param name="person">The participant's address.</param>
    /// <param name="kind">What is asked.</param>
    /// <param name="days">After how many days.</param>
    public async Task<string> AddFollowUpLinkAsync(string run, string person, string kind, int days)
    {
        var token = LinkToken.Create();
        var options = new PostgresClusterOptions { Folder = Path.Combine(_folder, "postgres"), JoinsRunning = true };
        await using var cluster = await PostgresCluster.StartAsync(options, CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
        await using var command = source.CreateCommand(
            """
            with seat as (
                update seats set status = 'taken'
                where (run_id, number) = (
                    select seats.run_id, seats.number from seats join runs using (run_id)
                    where runs.code = $2 and seats.status = 'free' and seats.pool = 'department' order by seats.number limit 1)
                returning run_id, number, department_id
            ), booking as (
                insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
                select seat.run_id, seat.number, people.person_id, seat.department_id, 'department', 'attended', 'secretary', 'test', now()
                from seat, people where people.email = $3
                returning booking_id
            ), form as (
                insert into follow_up_forms (booking_id, kind, days, due_at, asked_at)
                select booking_id, $4, $5, now(), now() from booking
                returning form_id
            )
            insert into links (token_hash, purpose, form_id, owner_email, created_at, expires_at)
            select $1, 'follow_up.answer', form_id, $3, now(), now() + interval '60 days' from form
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = LinkToken.Hash(token) }, new() { Value = run }, new() { Value = person }, new() { Value = kind }, new() { Value = days },
        });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        return $"/follow-up/{token}";
    }

    private void Start()
    {
        var start = new ProcessStartInfo(Binary(), ["serve"]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["BOOKING_DATA"] = _folder;
        start.Environment["ASPNETCORE_URLS"] = Address;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Site__BaseUrl"] = Address;
        start.Environment.Remove("ConnectionStrings__Booking");
        _process = Process.Start(start)!;
        // Read away, so that a full pipe never holds the program up.
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri(Address) };
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if ((await client.GetAsync(new Uri("/healthz/ready", UriKind.Relative))).StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!_process!.HasExited)
            {
                // Not listening yet.
            }

            Assert.False(_process!.HasExited, "The product ended while it was starting.");
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(3), "The product was not ready after three minutes.");
            await Task.Delay(200);
        }
    }

    private static string Binary()
    {
        // .../tests/Booking.BrowserTests/bin/<stack>/<configuration>/net10.0/
        var parts = AppContext.BaseDirectory.TrimEnd('/').Split('/');
        return Path.Combine([Root(), "src", "Booking.Web", .. parts[^4..], "Booking.Web"]);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Booking.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    private static string Chromium() =>
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("Chromium is missing: apt-get install chromium.");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
