using System.Diagnostics.CodeAnalysis;

namespace Booking.Web.Verbs;

/// <summary>What a process does of the whole: pages, background work, or both.</summary>
internal enum ServeRole
{
    /// <summary>Pages, API and background work.</summary>
    All,

    /// <summary>Pages and API.</summary>
    Web,

    /// <summary>Outbox and schedules.</summary>
    Worker,
}

/// <summary>The command line of <c>serve</c>, read.</summary>
/// <param name="Role">What to serve.</param>
/// <param name="Settings">The arguments that are configuration, such as <c>--urls</c>.</param>
internal sealed record ServeArguments(ServeRole Role, string[] Settings)
{
    // The settings without a section that people may give; anything with a colon (Site:Name) is a setting, too.
    private static readonly string[] Known = ["urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName"];

    /// <summary>True when pages and API are served.</summary>
    public bool ServesPages => Role is ServeRole.All or ServeRole.Web;

    /// <summary>True when the outbox and the schedules run here.</summary>
    public bool Works => Role is ServeRole.All or ServeRole.Worker;

    /// <summary>Reads the arguments after the verb.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="isStrict">Refuses settings that nothing reads; false in a test's host, which passes settings of its own.</param>
    /// <param name="result">What was read.</param>
    /// <param name="fault">Or what is wrong.</param>
    public static bool TryRead(
        string[] args, bool isStrict, [NotNullWhen(true)] out ServeArguments? result, [NotNullWhen(false)] out string? fault)
    {
        result = null;
        fault = null;
        var role = ServeRole.All;
        List<string> settings = [];
        for (var index = 0; index < args.Length && fault is null; index++)
        {
            var (name, value) = Split(args, ref index);
            if (name is null)
            {
                fault = $"'{args[index]}' is not an option of it.";
            }
            else if (value is null)
            {
                fault = $"--{name} needs a value.";
            }
            else if (name == "role")
            {
                if (!Enum.TryParse(value, ignoreCase: true, out role) || int.TryParse(value, out _))
                {
                    fault = $"--role is web, worker or all, not '{value}'.";
                }
            }
            else if (isStrict && !name.Contains(':', StringComparison.Ordinal) && !Known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                fault = $"'--{name}' is not an option of it.";
            }
            else
            {
                settings.Add($"--{name}={value}");
            }
        }

        result = fault is null ? new ServeArguments(role, [.. settings]) : null;
        return fault is null;
    }

    // --name=value or --name value
    private static (string? Name, string? Value) Split(string[] args, ref int index)
    {
        var text = args[index];
        if (!text.StartsWith("--", StringComparison.Ordinal) || text.Length == 2)
        {
            return (null, null);
        }

        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            return (text[2..equals], text[(equals + 1)..]);
        }

        var hasValue = index + 1 < args.Length && !args[index + 1].StartsWith("--", StringComparison.Ordinal);
        return (text[2..], hasValue ? args[++index] : null);
    }
}
