using System.Diagnostics;

namespace Booking.DatabaseTests.Bookings;

/// <summary>What one decision asks the database, in its order; the signal to the workers comes later and from outside it.</summary>
internal static class Statements
{
    internal static async Task<IReadOnlyList<string>> OfAsync(Func<Task> decide)
    {
        var statements = new List<string>();
        using var decision = new Activity("decision").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == decision.TraceId
                    && (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string text
                    && !text.Contains("pg_notify", StringComparison.Ordinal))
                {
                    statements.Add(text);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await decide();
        return statements;
    }
}
