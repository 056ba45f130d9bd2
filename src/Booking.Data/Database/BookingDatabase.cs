using System.Data;
using Dapper;
using Npgsql;

namespace Booking.Data.Database;

/// <summary>How the application reaches PostgreSQL.</summary>
public static class BookingDatabase
{
    /// <summary>Builds the one data source of a process, with Dapper told how columns and instants are read.</summary>
    /// <param name="connectionString">An Npgsql connection string.</param>
    public static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new InstantHandler());
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        if (builder.ConnectionStringBuilder.MaxAutoPrepare == 0)
        {
            // The same few dozen statements all day: each connection plans them once.
            builder.ConnectionStringBuilder.MaxAutoPrepare = 100;
        }

        // Nothing is left behind on a connection that the next user could see: settings are made for one transaction, temporary
        // tables go with theirs, and the one session lock is given back. Resetting costs seven statements at each opening.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        return builder.Build();
    }

    // Npgsql reads timestamptz as a UTC DateTime and takes only offset zero; the code speaks DateTimeOffset.
    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTime instant => new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc)),
            DateTimeOffset instant => instant,
            _ => throw new DataException($"{value.GetType()} is not an instant."),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }
}
