using Dapper;
using Npgsql;

namespace Booking.Data.Database;

/// <summary>
/// Where the keys of cookies and form tokens are kept, so that every node reads what another node wrote. Synchronous and
/// outside any use case because the framework asks for keys that way, a few times a year.
/// </summary>
/// <param name="dataSource">The process's data source.</param>
public sealed class CookieKeyRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Every key as XML text.</summary>
    public IReadOnlyList<string> List()
    {
        using var connection = dataSource.OpenConnection();
        return connection.Query<string>("select xml from data_protection_keys order by friendly_name").AsList();
    }

    /// <summary>Stores one key; a key that is already there stays as it is.</summary>
    /// <param name="friendlyName">The framework's name for it.</param>
    /// <param name="xml">The key as XML text.</param>
    public void Store(string friendlyName, string xml)
    {
        using var connection = dataSource.OpenConnection();
        connection.Execute(
            """
            insert into data_protection_keys (friendly_name, xml)
            values (@friendlyName, @xml)
            on conflict (friendly_name) do nothing
            """,
            new { friendlyName, xml });
    }
}
