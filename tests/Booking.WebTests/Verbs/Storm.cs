using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Booking.TestSupport;
using Npgsql;

namespace Booking.WebTests.Verbs;

/// <summary>
/// Secretaries who reserve and cancel, others who put people on a waiting list and take them off, and external people who sign
/// up, as fast as they can and until the program dies. Keeps what each answer said: that, and nothing less, must be in the database afterwards.
/// </summary>
internal sealed partial class Storm
{
    private const int Secretaries = 6;
    private const int PeopleOfEach = 8;
    private const int Joiners = 3;
    private const int SignersUp = 2;

    // By address: the live booking, or the place on the list, that the last answer named; none; or no entry while nobody knows.
    private readonly ConcurrentDictionary<string, Guid?> _told = new();
    private readonly ConcurrentDictionary<string, Guid?> _toldToWait = new();
    private readonly ConcurrentBag<string> _signedUp = [];
    private int _answers;
    private int _joined;
    private int _lastSignUp;

    /// <summary>How many operations were answered.</summary>
    public int Answers => _answers;

    /// <summary>How many of them put somebody on the waiting list.</summary>
    public int Joined => _joined;

    /// <summary>One run with fewer seats than people, for everybody, one without seats to wait for, and an external one for those who sign up.</summary>
    public static async Task ArrangeAsync(string connectionString)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        var data = new TestData(dataSource, TimeProvider.System);
        var run = await data.AddRunAsync(await data.AddCourseAsync(), code: "STORM", sessions: 2);
        for (var i = 0; i < Secretaries; i++)
        {
            var department = await data.AddDepartmentAsync($"S{i}", secretary: $"s{i}@example.org");
            await data.AddSeatsAsync(run, 4, department);
            for (var person = 0; person < PeopleOfEach; person++)
            {
                await data.AddEmployeeAsync(department, email: $"s{i}p{person}@example.org");
            }
        }

        await data.AddSeatsAsync(run, 6);
        await data.AddSeatsAsync(await data.AddRunAsync(await data.AddCourseAsync(), code: "QUEUE", daysFromNow: 70), 1, pool: "external");
        await data.AddSeatsAsync(await data.AddRunAsync(await data.AddCourseAsync(crossSector: true), code: "EXTERN"), 5_000, pool: "external");
    }

    /// <summary>Goes on until the program does not answer any more.</summary>
    public Task RageAsync(Uri address) => Task.WhenAll(
        Enumerable.Range(0, Secretaries).Select(i => UntilItDiesAsync(address, client => ReserveAndCancelAsync(client, i)))
            .Concat(Enumerable.Range(0, Joiners).Select(i => UntilItDiesAsync(address, client => JoinAndWithdrawAsync(client, i))))
            .Concat(Enumerable.Range(0, SignersUp).Select(_ => UntilItDiesAsync(address, SignUpAsync))));

    /// <summary>Compares what was told with what is there, and learns what became of the operations that nobody heard of.</summary>
    /// <returns>What was acknowledged and is not so.</returns>
    public async Task<IReadOnlyList<string>> FindLostAsync(string connectionString)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        var data = new TestData(dataSource, TimeProvider.System);
        var live = await ReadAsync(data, "select people.email, bookings.reference from bookings join people using (person_id) where status <> 'cancelled'");
        var waiting = await ReadAsync(data, "select people.email, reference from waiting_list_entries join people using (person_id) where status = 'waiting'");
        var signedUp = await data.QueryAsync<string>("select email from sign_ups");
        var lost = Differences(_told, live)
            .Concat(Differences(_toldToWait, waiting))
            .Concat(_signedUp.Except(signedUp).Select(email => $"{email} was told of a mail"))
            .ToList();
        foreach (var i in Enumerable.Range(0, Secretaries * PeopleOfEach))
        {
            var email = Email(i / PeopleOfEach, i % PeopleOfEach);
            _told[email] = live.GetValueOrDefault(email);
            _toldToWait[email] = waiting.GetValueOrDefault(email);
        }

        return lost;
    }

    private static async Task<Dictionary<string, Guid?>> ReadAsync(TestData data, string sql) =>
        (await data.QueryAsync<(string Email, Guid Reference)>(sql)).ToDictionary(row => row.Email, row => (Guid?)row.Reference);

    private static IEnumerable<string> Differences(ConcurrentDictionary<string, Guid?> told, Dictionary<string, Guid?> there) =>
        told.Where(person => person.Value != there.GetValueOrDefault(person.Key))
            .Select(person => $"{person.Key} was told {person.Value}, has {there.GetValueOrDefault(person.Key)}");

    private static string Email(int secretary, int person) => string.Create(CultureInfo.InvariantCulture, $"s{secretary}p{person}@example.org");

    private static async Task UntilItDiesAsync(Uri address, Func<HttpClient, Task> work)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = address };
        try
        {
            await work(client);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            // It is dead, or dying: what was under way is known to nobody.
        }
    }

    private async Task ReserveAndCancelAsync(HttpClient client, int secretary)
    {
        using var signedIn = await client.PostFormAsync("/sign-in", new() { ["email"] = $"s{secretary}@example.org" });
        while (true)
        {
            var email = Email(secretary, Random.Shared.Next(PeopleOfEach));
            _told.TryRemove(email, out var booking);
            _told[email] = booking is { } reference ? await CancelAsync(client, reference) : await ReserveAsync(client, email);
            Interlocked.Increment(ref _answers);
        }
    }

    private static async Task<Guid?> ReserveAsync(HttpClient client, string email)
    {
        using var answer = await client.PostFormAsync("/runs/STORM/reserve", new() { ["Lines"] = email });
        var html = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        return BookingLink().Match(html) is { Success: true } link ? Guid.Parse(link.Groups["reference"].Value) : null;
    }

    private static async Task<Guid?> CancelAsync(HttpClient client, Guid booking)
    {
        using var answer = await client.PostFormAsync($"/bookings/{booking}/cancel", []);
        answer.EnsureSuccessStatusCode();
        return null;
    }

    private async Task JoinAndWithdrawAsync(HttpClient client, int secretary)
    {
        using var signedIn = await client.PostFormAsync("/sign-in", new() { ["email"] = $"s{secretary}@example.org" });
        while (true)
        {
            var email = Email(secretary, Random.Shared.Next(PeopleOfEach));
            _toldToWait.TryRemove(email, out var entry);
            _toldToWait[email] = entry is { } reference ? await WithdrawAsync(client, reference) : await JoinAsync(client, email);
            Interlocked.Add(ref _joined, entry is null ? 1 : 0);
            Interlocked.Increment(ref _answers);
        }
    }

    private static async Task<Guid?> JoinAsync(HttpClient client, string email)
    {
        using var answer = await client.PostFormAsync("/runs/QUEUE/waiting-list", new() { ["Lines"] = email });
        var html = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        return EntryLink().Match(html) is { Success: true } link
            ? Guid.Parse(link.Groups["reference"].Value)
            : throw new InvalidOperationException("Somebody who joined was not shown the place.");
    }

    private static async Task<Guid?> WithdrawAsync(HttpClient client, Guid entry)
    {
        using var answer = await client.PostFormAsync($"/waiting-lists/{entry}", new() { ["answer"] = "Withdraw" });
        if ((int)answer.StatusCode is not (200 or 302))
        {
            throw new InvalidOperationException($"A withdrawal was answered with {answer.StatusCode}.");
        }

        return null;
    }

    private async Task SignUpAsync(HttpClient client)
    {
        while (true)
        {
            var email = $"x{Interlocked.Increment(ref _lastSignUp)}@example.org";
            using var answer = await client.PostFormAsync(
                "/runs/EXTERN/sign-up",
                new()
                {
                    ["Form.Reference"] = $"{Guid.NewGuid()}",
                    ["Form.Name"] = "Eva Ekstern",
                    ["Form.Email"] = email,
                    ["Form.Workplace"] = "Aalborg Kommune",
                    ["Form.Sector"] = "municipality",
                });
            if ((int)answer.StatusCode != 302)
            {
                throw new InvalidOperationException($"A sign-up was answered with {answer.StatusCode}.");
            }

            _signedUp.Add(email);
            Interlocked.Increment(ref _answers);
        }
    }

    [GeneratedRegex("/bookings/(?<reference>[0-9a-f-]{36})/cancel", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BookingLink();

    // The row of who has just joined comes before everybody else's.
    [GeneratedRegex("/waiting-lists/(?<reference>[0-9a-f-]{36})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EntryLink();
}
