using Booking.Data.Audit;

namespace Booking.Web.Security;

/// <summary>The roles a signed-in person can have, as they stand in the cookie.</summary>
public static class Roles
{
    /// <summary>Books and names people for one or more departments.</summary>
    public const string Secretary = ActorRoles.Secretary;

    /// <summary>Plans, publishes, monitors.</summary>
    public const string Hr = ActorRoles.Hr;

    /// <summary>Sign-in, roles, mail queue, audit.</summary>
    public const string Administrator = ActorRoles.Administrator;

    /// <summary>An active employee.</summary>
    public const string Participant = ActorRoles.Participant;

    /// <summary>Teaches at least one run.</summary>
    public const string Instructor = ActorRoles.Instructor;

    /// <summary>Is named as leader by at least one active employee.</summary>
    public const string Leader = "leader";
}

/// <summary>Names of the authorisation policies that pages ask for.</summary>
public static class Policies
{
    /// <summary>Secretaries of any department; which one is checked against the data.</summary>
    public const string Secretary = "Secretary";

    /// <summary>The HR team.</summary>
    public const string Hr = "Hr";

    /// <summary>Administrators.</summary>
    public const string Administrator = "Administrator";

    /// <summary>Active employees.</summary>
    public const string Participant = "Participant";

    /// <summary>Instructors; of which run is checked against the data.</summary>
    public const string Instructor = "Instructor";

    /// <summary>Leaders; of whom is checked against the data.</summary>
    public const string Leader = "Leader";

    // Which role each policy asks for: exactly one, so that no page is open to more than its name says.
    internal static readonly IReadOnlyDictionary<string, string> RoleOf = new Dictionary<string, string>
    {
        [Secretary] = Roles.Secretary,
        [Hr] = Roles.Hr,
        [Administrator] = Roles.Administrator,
        [Participant] = Roles.Participant,
        [Instructor] = Roles.Instructor,
        [Leader] = Roles.Leader,
    };
}
