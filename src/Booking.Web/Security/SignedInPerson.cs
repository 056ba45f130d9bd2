using System.Globalization;
using System.Security.Claims;
using Booking.Data.Audit;
using Booking.Data.Catalogue;
using Booking.Data.People;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Booking.Web.Security;

/// <summary>Who has signed in, and what they may do: everything comes from the cookie's claims.</summary>
public sealed record SignedInPerson
{
    private const string PersonIdClaim = "person_id";
    private const string OwnDepartmentClaim = "own_department_id";
    private const string SecretaryDepartmentClaim = "secretary_department_id";

    /// <summary>E-mail address: the identity.</summary>
    public required string Email { get; init; }

    /// <summary>Name to show; the address when there is no person behind it.</summary>
    public required string Name { get; init; }

    /// <summary>Some of <see cref="Security.Roles"/>.</summary>
    public required IReadOnlySet<string> Roles { get; init; }

    /// <summary>The departments the person is secretary of.</summary>
    public required IReadOnlyList<long> DepartmentIds { get; init; }

    /// <summary>The person's own record, if there is one.</summary>
    public long? PersonId { get; init; }

    /// <summary>The department the person works in.</summary>
    public long? OwnDepartmentId { get; init; }

    /// <summary>Whose guaranteed seats the catalogue counts: the departments cared for, otherwise the own one.</summary>
    /// <param name="person">The signed-in person, or null for a stranger.</param>
    public static SeatViewer SeatsOf(SignedInPerson? person) => person switch
    {
        { DepartmentIds.Count: > 0 } => new SeatViewer { DepartmentIds = person.DepartmentIds },
        { OwnDepartmentId: { } departmentId } => new SeatViewer { DepartmentIds = [departmentId] },
        _ => SeatViewer.Stranger,
    };

    /// <summary>Whether the person has a role.</summary>
    /// <param name="role">One of <see cref="Security.Roles"/>.</param>
    public bool Has(string role) => Roles.Contains(role);

    /// <summary>The person as actor of a change.</summary>
    /// <param name="role">The role acted in; the person must have it.</param>
    /// <exception cref="InvalidOperationException">The person does not have the role: the page forgot its policy.</exception>
    public Actor ToActor(string role) => Has(role)
        ? new Actor
        {
            Name = Email,
            Role = role,
            DepartmentIds = role == Security.Roles.Secretary ? DepartmentIds : [],
        }
        : throw new InvalidOperationException($"The signed-in person does not have the role {role}.");

    /// <summary>The person behind a request, or null for a stranger.</summary>
    /// <param name="user">The request's principal.</param>
    public static SignedInPerson? From(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Identity?.IsAuthenticated != true || user.FindFirstValue(ClaimTypes.Email) is not { } email
            ? null
            : new SignedInPerson
            {
                Email = email,
                Name = user.FindFirstValue(ClaimTypes.Name) ?? email,
                Roles = user.FindAll(ClaimTypes.Role).Select(c => c.Value).ToHashSet(StringComparer.Ordinal),
                DepartmentIds = [.. user.FindAll(SecretaryDepartmentClaim).Select(c => Id(c.Value)!.Value)],
                PersonId = Id(user.FindFirstValue(PersonIdClaim)),
                OwnDepartmentId = Id(user.FindFirstValue(OwnDepartmentClaim)),
            };
    }

    /// <summary>The claims that the cookie will carry.</summary>
    /// <param name="profile">What the database says of the address.</param>
    public static ClaimsPrincipal ToPrincipal(SignInProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var identity = new ClaimsIdentity(CookieAuthenticationDefaults.AuthenticationScheme);
        identity.AddClaim(new Claim(ClaimTypes.Email, profile.Email));
        identity.AddClaim(new Claim(ClaimTypes.Name, profile.Name ?? profile.Email));
        identity.AddClaims(RolesOf(profile).Select(role => new Claim(ClaimTypes.Role, role)));
        identity.AddClaims(profile.SecretaryDepartmentIds.Select(id => new Claim(SecretaryDepartmentClaim, Text(id))));
        if (profile.PersonId is { } personId)
        {
            identity.AddClaim(new Claim(PersonIdClaim, Text(personId)));
        }

        if (profile.DepartmentId is { } departmentId)
        {
            identity.AddClaim(new Claim(OwnDepartmentClaim, Text(departmentId)));
        }

        return new ClaimsPrincipal(identity);
    }

    private static IEnumerable<string> RolesOf(SignInProfile profile) =>
    [
        .. profile.AssignedRoles,
        .. profile.SecretaryDepartmentIds.Length > 0 ? new[] { Security.Roles.Secretary } : [],
        .. profile.IsEmployee ? new[] { Security.Roles.Participant } : [],
        .. profile.IsInstructor ? new[] { Security.Roles.Instructor } : [],
        .. profile.IsLeader ? new[] { Security.Roles.Leader } : [],
    ];

    private static long? Id(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
