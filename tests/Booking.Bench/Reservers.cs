using System.Globalization;
using System.Text.RegularExpressions;
using Booking.Data;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Booking.Bench;

/// <summary>Who reserves: one employee per call, never the same twice on one popular run.</summary>
internal abstract class Reserver(int connection)
{
    private const int PerDepartment = SeatsStage.People / SeatsStage.Departments;
    private int _count;

    /// <summary>Which secretary this connection is.</summary>
    protected int Department { get; } = connection % SeatsStage.Departments;

    /// <summary>Reserves a seat on a run, counted from the first.</summary>
    /// <returns>Whether the run has seats left.</returns>
    public abstract Task<bool> ReserveAsync(int run);

    // Connections that share a department begin at different people.
    protected int NextPerson() =>
        (((connection / SeatsStage.Departments * PerDepartment / 2) + _count++) % PerDepartment * SeatsStage.Departments) + Department;
}

/// <summary>Through the product's use case, in this process.</summary>
internal sealed class DirectReserver(SeatsStage stage, ReserveSeats reserveSeats, int connection) : Reserver(connection)
{
    private long DepartmentId => stage.FirstDepartment + Department;

    public static ReserveSeats UseCase(Ground ground) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton<NpgsqlDataSource>(ground.Database)
        .AddBookingData()
        .BuildServiceProvider()
        .GetRequiredService<ReserveSeats>();

    public override async Task<bool> ReserveAsync(int run)
    {
        var secretary = new Actor { Name = "secretary@example.org", Role = ActorRoles.Secretary, DepartmentIds = [DepartmentId] };
        var results = await reserveSeats.RunAsync(
            new ReserveRequest(stage.FirstPopular + run, DepartmentId, [stage.FirstPerson + NextPerson()], secretary), CancellationToken.None);
        return results[0].Outcome is not ReserveOutcome.NoSeatLeft;
    }
}

/// <summary>Through the product's page, as a signed-in secretary with a keep-alive connection.</summary>
internal sealed partial class PageReserver : Reserver
{
    private readonly HttpClient _client;
    private readonly string _token;

    private PageReserver(HttpClient client, string token, int connection) : base(connection)
    {
        _client = client;
        _token = token;
    }

    public static async Task<Reserver> SignInAsync(Uri address, int connection)
    {
        var client = Load.Client(address);
        var form = await client.GetStringAsync(new Uri("/sign-in", UriKind.Relative));
        using var who = Form(Token(form), ("email", $"secretary.bn{connection % SeatsStage.Departments}@example.org"));
        var answer = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), who);
        if ((int)answer.StatusCode != 302)
        {
            throw new InvalidOperationException($"Sign-in answered {answer.StatusCode}.");
        }

        return new PageReserver(client, Token(await client.GetStringAsync(new Uri("/runs/BENCH-0/reserve", UriKind.Relative))), connection);
    }

    public override async Task<bool> ReserveAsync(int run)
    {
        using var form = Form(_token, ("Lines", (100_000 + NextPerson()).ToString(CultureInfo.InvariantCulture)));
        using var answer = await _client.PostAsync(new Uri($"/runs/BENCH-{run}/reserve", UriKind.Relative), form);
        answer.EnsureSuccessStatusCode();
        var html = await answer.Content.ReadAsStringAsync();
        return !html.Contains("<strong class=\"no-seats\"", StringComparison.Ordinal);
    }

    private static FormUrlEncodedContent Form(string token, (string Name, string Value) field) =>
        new([new("__RequestVerificationToken", token), new(field.Name, field.Value)]);

    private static string Token(string html) => TokenPattern().Match(html).Groups["token"].Value;

    [GeneratedRegex("__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenPattern();
}
