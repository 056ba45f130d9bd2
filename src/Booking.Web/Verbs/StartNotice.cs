using Booking.Data.People;
using Booking.Data.Site;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Booking.Web.Verbs;

/// <summary>Tells whoever started the program where it is now.</summary>
internal static class StartNotice
{
    public static async Task WriteAsync(WebApplication app, ServeArguments arguments, VerbDatabase database, CancellationToken cancellationToken)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var site = app.Services.GetRequiredService<IOptions<SiteOptions>>().Value;
        if (!Verb.IsMainProgram || !app.Environment.IsDevelopment())
        {
            app.Logger.LogInformation("Serving {Role} on {Addresses}", arguments.Role, string.Join(' ', addresses));
            return;
        }

        var data = database.OwnFolder is { } folder ? $"own PostgreSQL in {folder}" : "the PostgreSQL of ConnectionStrings__Booking";
        Console.WriteLine(
            $"""

              {site.Name}: {string.Join("  ", addresses)}
              Data: {data}. Ctrl-C stops everything.

            """);
        if (arguments.ServesPages)
        {
            await WritePeopleAsync(app, cancellationToken);
        }
    }

    private static async Task WritePeopleAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var people = await app.Services.GetRequiredService<SignInRepository>().ListDemonstrationAsync(limit: 1, cancellationToken);
        if (people.Count == 0)
        {
            Console.WriteLine("  Nobody can sign in yet: import a plan first (import --help).\n");
            return;
        }

        Console.WriteLine("  Sign in (no password, this is a demonstration), for example:");
        foreach (var person in people.DistinctBy(person => person.Role))
        {
            Console.WriteLine($"    {person.Role,-14} {person.Email,-36} {person.Name ?? person.Department}");
        }

        Console.WriteLine();
    }
}
