using System.Reflection;

namespace Booking.Web.Verbs;

/// <summary>One thing that the program can do, chosen by the first word of its command line.</summary>
/// <param name="Name">The word.</param>
/// <param name="Summary">One line for the list of verbs.</param>
/// <param name="Help">What <c>--help</c> prints.</param>
/// <param name="RunAsync">Does it with the arguments after the word; the token fires on Ctrl-C and SIGTERM. Returns the exit code.</param>
internal sealed record Verb(string Name, string Summary, string Help, Func<string[], CancellationToken, Task<int>> RunAsync)
{
    /// <summary>True in the program itself, false in a test's host.</summary>
    public static bool IsMainProgram => Assembly.GetEntryAssembly() == typeof(Verb).Assembly;

    /// <summary>Prints what was wrong with the arguments and where help is.</summary>
    public int Refuse(string fault)
    {
        Console.Error.WriteLine($"{Name}: {fault}\nSee: {Name} --help");
        return ExitCodes.Usage;
    }
}

/// <summary>What the program's end tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Not done; the reason stands on the error output.</summary>
    public const int Failed = 1;

    /// <summary>The command line was not understood (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>The configuration is wrong (EX_CONFIG).</summary>
    public const int Configuration = 78;

    /// <summary>Stopped by Ctrl-C or SIGTERM before it was done.</summary>
    public const int Interrupted = 130;
}
