using System.Runtime.InteropServices;
using Booking.Data.Database;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Booking.Web.Verbs;

/// <summary>Finds the verb, runs it, and turns what goes wrong into a sentence and an exit code.</summary>
internal static class CommandLine
{
    private static readonly Verb[] Verbs = [ServeVerb.Verb, MigrateVerb.Verb, ImportVerb.Verb, AuditVerb.Verb];

    // Lives as long as the process: a second signal may come while the first one's work ends.
    private static readonly CancellationTokenSource ToldToStop = new();

    /// <summary>Runs the program; without a verb it serves.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var isNamed = args.Length > 0 && !args[0].StartsWith('-');
        if (args is ["help" or "--help" or "-h", ..])
        {
            Console.WriteLine(Overview());
            return ExitCodes.Done;
        }

        var name = isNamed ? args[0] : ServeVerb.Verb.Name;
        var verb = Array.Find(Verbs, candidate => candidate.Name == name);
        if (verb is null)
        {
            await Console.Error.WriteLineAsync($"There is no verb '{name}'.\n\n{Overview()}");
            return ExitCodes.Usage;
        }

        var rest = isNamed ? args[1..] : args;
        if (rest.Contains("--help") || rest.Contains("-h"))
        {
            Console.WriteLine(verb.Help);
            return ExitCodes.Done;
        }

        return await RunAsync(verb, rest);
    }

    private static async Task<int> RunAsync(Verb verb, string[] rest)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await verb.RunAsync(rest, ToldToStop.Token);
        }
        catch (OperationCanceledException) when (ToldToStop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (Verb.IsMainProgram && Explain(error) is var (sentence, code))
        {
            await Console.Error.WriteLineAsync(sentence);
            return code;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            // Not on the signal's own thread, where what a callback throws would end the process.
            _ = ToldToStop.CancelAsync();
        }
    }

    // What people can mend themselves is told in a sentence; everything else is a bug and keeps its stack trace.
    private static (string Sentence, int Code)? Explain(Exception error) => error switch
    {
        OptionsValidationException or InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } =>
            WrongConfiguration([error]),
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            WrongConfiguration(several.InnerExceptions),
        PostgresUnavailableException or MigrationChangedException => (error.Message, ExitCodes.Failed),
        IOException { InnerException: AddressInUseException } => (error.Message, ExitCodes.Failed),
        UnauthorizedAccessException =>
            ($"{error.Message} Choose another data folder with BOOKING_DATA, or make this one writable.", ExitCodes.Failed),
        PostgresException
        {
            SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.InvalidCatalogName
        } refused =>
            ($"PostgreSQL refuses the connection that ConnectionStrings__Booking describes: {refused.MessageText}.", ExitCodes.Failed),
        NpgsqlException { InnerException: System.Net.Sockets.SocketException or IOException or TimeoutException } =>
            ($"PostgreSQL does not answer where ConnectionStrings__Booking points: {error.InnerException.Message}.", ExitCodes.Failed),
        _ => null,
    };

    private static (string Sentence, int Code) WrongConfiguration(IEnumerable<Exception> faults)
    {
        var sentences = faults.SelectMany(fault => fault is OptionsValidationException wrong ? wrong.Failures : [fault.Message]);
        return ("The configuration is wrong:\n" + string.Join('\n', sentences.Select(sentence => "  " + sentence)), ExitCodes.Configuration);
    }

    private static string Overview() =>
        $"""
        Booking: course catalogue and seat booking.

        Usage: Booking.Web [verb] [options]      (without a verb: serve)

        {string.Join('\n', Verbs.Select(verb => $"  {verb.Name,-10}{verb.Summary}"))}

        [verb] --help says more about one of them. Settings: README.md, Configuration.
        """;
}
