namespace Booking.Data.Plans;

/// <summary>How the plan's files are read; configuration section <c>Plan</c>.</summary>
public sealed class PlanOptions
{
    /// <summary>Sign-up closes at noon this many days before the first session, unless hold.csv says when.</summary>
    public int SignUpClosesDaysBefore { get; set; } = 3;

    /// <summary>Whether the program, started in Development on an empty database, imports the demonstration plan.</summary>
    public bool ImportsDemonstration { get; set; } = true;
}
