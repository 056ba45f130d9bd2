namespace Booking.Data.Audit;

/// <summary>Who does something: written into the audit trail with every change.</summary>
public sealed record Actor
{
    /// <summary>E-mail address of the signed-in person, or the name of a job such as <c>release</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="ActorRoles"/>: in which role the change was made.</summary>
    public required string Role { get; init; }

    /// <summary>The departments this actor may act for; empty for everybody but secretaries.</summary>
    public IReadOnlyList<long> DepartmentIds { get; init; } = [];

    /// <summary>An actor for a change that no person asked for.</summary>
    /// <param name="job">Name of the schedule or verb, such as <c>import</c>.</param>
    public static Actor System(string job) => new() { Name = job, Role = ActorRoles.System };
}

/// <summary>The roles an <see cref="Actor"/> can act in, as stored in the audit trail.</summary>
public static class ActorRoles
{
    /// <summary>A job or a verb of the binary.</summary>
    public const string System = "system";

    /// <summary>A department's secretary.</summary>
    public const string Secretary = "secretary";

    /// <summary>An employee acting for themselves.</summary>
    public const string Participant = "participant";

    /// <summary>A person from outside the region's psychiatry, known by a link in a mail.</summary>
    public const string External = "external";

    /// <summary>A leader, known by the link in a mail.</summary>
    public const string Leader = "leader";

    /// <summary>Who teaches the run, signed in or known by the link in a mail.</summary>
    public const string Instructor = "instructor";

    /// <summary>The HR team that runs the plan.</summary>
    public const string Hr = "hr";

    /// <summary>An administrator of the system.</summary>
    public const string Administrator = "administrator";
}
