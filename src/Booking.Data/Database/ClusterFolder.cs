using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Booking.Data.Database;

/// <summary>The places of one cluster on disk, and the user that PostgreSQL runs as.</summary>
internal sealed record ClusterFolder(string Root, string Data, string Socket, bool RunsAsPostgres)
{
    public static async Task<ClusterFolder> PrepareAsync(string wanted, CancellationToken cancellationToken)
    {
        var root = System.IO.Path.GetFullPath(wanted);
        var runsAsPostgres = Environment.IsPrivilegedProcess;
        Directory.CreateDirectory(root);
        if (runsAsPostgres && await ExecuteAsync(Setpriv(["test", "-x", root]), cancellationToken) != 0)
        {
            // PostgreSQL refuses root, and its own user cannot walk into a private folder such as /root.
            root = System.IO.Path.Combine("/var/lib/booking", Name(root));
            Directory.CreateDirectory(root);
        }

        var socket = System.IO.Path.Combine("/tmp", $"booking-{Name(root)}");
        CreatePrivate(socket);
        var folder = new ClusterFolder(root, System.IO.Path.Combine(root, "data"), socket, runsAsPostgres);
        if (runsAsPostgres)
        {
            await ExecuteAsync(["chown", "--no-dereference", "postgres:", root, socket], cancellationToken);
        }

        return folder;
    }

    /// <summary>Claims the cluster for this process until it ends, however it ends; null when another process has it.</summary>
    public FileStream? TryHold()
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(Root, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Clears what an interrupted start left; what cannot be deleted yet waits for the next start.</summary>
    public static void DeleteLeftovers(string root, string pattern)
    {
        foreach (var leftover in Directory.GetDirectories(root, pattern))
        {
            try
            {
                Directory.Delete(leftover, recursive: true);
            }
            catch (IOException)
            {
                // Somebody still writes there.
            }
        }
    }

    // /tmp is everybody's and the name can be foretold: a link laid there beforehand must not be followed, as root least of all.
    private static void CreatePrivate(string folder)
    {
        const UnixFileMode onlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, onlyMine);
        if (new DirectoryInfo(folder).LinkTarget is not null)
        {
            throw new PostgresUnavailableException($"{folder} is a link that somebody else has laid. Remove it and start again.");
        }

        try
        {
            File.SetUnixFileMode(folder, onlyMine);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new PostgresUnavailableException($"{folder} belongs to another user. Remove it and start again.", error);
        }
    }

    /// <summary>The process that holds this cluster now, if one does.</summary>
    public int? RunningServer()
    {
        var file = System.IO.Path.Combine(Data, "postmaster.pid");
        try
        {
            // A process id from before a reboot may belong to somebody else by now: ask what it is.
            return File.ReadLines(file).FirstOrDefault() is { } line && int.TryParse(line, out var pid)
                && File.ReadAllText($"/proc/{pid}/comm").StartsWith("postgres", StringComparison.Ordinal)
                ? pid
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public string LogTail()
    {
        var file = System.IO.Path.Combine(Root, "postgres.log");
        return File.Exists(file) ? string.Join(" | ", File.ReadLines(file).TakeLast(5)) : "(nothing)";
    }

    public IEnumerable<string> AsOwner(IEnumerable<string> command) => RunsAsPostgres ? Setpriv(command) : command;

    public async Task RunAsync(IEnumerable<string> command, CancellationToken cancellationToken)
    {
        var arguments = AsOwner(command).ToList();
        if (await ExecuteAsync(arguments, cancellationToken) is var code and not 0)
        {
            throw new PostgresUnavailableException($"'{string.Join(' ', arguments)}' ended with {code}.");
        }
    }

    private static IEnumerable<string> Setpriv(IEnumerable<string> command) =>
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command];

    private static async Task<int> ExecuteAsync(IEnumerable<string> command, CancellationToken cancellationToken)
    {
        var arguments = command.ToList();
        var start = new ProcessStartInfo(arguments[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await Task.WhenAll(output, error, process.WaitForExitAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return process.ExitCode;
    }

    // Short, because a socket's path must stay under 108 bytes.
    private static string Name(string folder) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.UserName}:{folder}")))[..16];
}
