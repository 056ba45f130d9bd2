using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Booking.Data.Database;

/// <summary>Brings a database to the schema of this build: db/migrations in order, each once, each in a transaction.</summary>
public sealed class Migrator(NpgsqlDataSource dataSource)
{
    // Any number will do as long as nothing else in the database uses it.
    private const long AdvisoryLock = 8_270_601;

    /// <summary>Applies what is missing; nodes that start at the same time wait for each other.</summary>
    /// <returns>The names of the migrations applied now, in order; empty when the schema was current.</returns>
    /// <exception cref="MigrationChangedException">A file was edited after it had been applied.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        // Protects two nodes that start together from applying the same file; freed when the connection closes.
        await connection.ExecuteAsync(Sql("select pg_advisory_lock(@AdvisoryLock)", new { AdvisoryLock }, cancellationToken));
        try
        {
            await connection.ExecuteAsync(Sql(
                """
                create table if not exists schema_migrations (
                    name text primary key,
                    checksum text not null,
                    applied_at timestamptz not null default now()
                )
                """,
                null,
                cancellationToken));
            return await ApplyMissingAsync(connection, cancellationToken);
        }
        finally
        {
            await connection.ExecuteAsync(Sql("select pg_advisory_unlock(@AdvisoryLock)", new { AdvisoryLock }, CancellationToken.None));
        }
    }

    /// <summary>Names of migrations in this build that the database does not have yet.</summary>
    public async Task<IReadOnlyList<string>> ListMissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var hasHistory = await connection.ExecuteScalarAsync<bool>(
            Sql("select to_regclass('schema_migrations') is not null", null, cancellationToken));
        var applied = hasHistory ? await ReadHistoryAsync(connection, cancellationToken) : [];
        return [.. Migration.All.Select(migration => migration.Name).Where(name => !applied.ContainsKey(name))];
    }

    private static async Task<IReadOnlyList<string>> ApplyMissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var history = await ReadHistoryAsync(connection, cancellationToken);
        var applied = new List<string>();
        foreach (var migration in Migration.All)
        {
            if (history.TryGetValue(migration.Name, out var checksum))
            {
                if (checksum != migration.Checksum)
                {
                    throw new MigrationChangedException(migration.Name);
                }

                continue;
            }

            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                migration.Sql, transaction: transaction, commandTimeout: 0, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(
                "insert into schema_migrations (name, checksum) values (@Name, @Checksum)",
                new { migration.Name, migration.Checksum }, transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            applied.Add(migration.Name);
        }

        return applied;
    }

    private static async Task<Dictionary<string, string>> ReadHistoryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Name, string Checksum)>(
            Sql("select name, checksum from schema_migrations", null, cancellationToken));
        return rows.ToDictionary(row => row.Name, row => row.Checksum, StringComparer.Ordinal);
    }

    private static CommandDefinition Sql(string text, object? parameters, CancellationToken cancellationToken) =>
        new(text, parameters, commandTimeout: 0, cancellationToken: cancellationToken);
}

/// <summary>An applied migration no longer has the text it was applied with: the schema of this database is not what the files say.</summary>
public sealed class MigrationChangedException(string name)
    : Exception($"The migration {name} was changed after it had been applied. Put its text back and write a new migration instead.");

/// <summary>One file of db/migrations.</summary>
internal sealed record Migration(string Name, string Sql, string Checksum)
{
    private const string Prefix = "migrations/";

    public static IReadOnlyList<Migration> All { get; } = Load();

    private static List<Migration> Load()
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
                var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
                return new Migration(resource[Prefix.Length..], sql, checksum);
            })];
    }
}
