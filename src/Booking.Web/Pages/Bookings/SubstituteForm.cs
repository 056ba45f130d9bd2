using Booking.Data.Bookings;
using Booking.Data.People;
using Booking.Web.Localisation;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Bookings;

/// <summary>How a substitute is named.</summary>
public enum SubstituteKind
{
    /// <summary>By a secretary or HR: name, number or address of an employee of the seat's department.</summary>
    Employee,

    /// <summary>By the participant: the address of a colleague.</summary>
    Colleague,

    /// <summary>For a seat that somebody from outside has: name, address and workplace.</summary>
    External,
}

/// <summary>What is typed of a substitute; which fields are shown is the kind's business.</summary>
public sealed class SubstituteForm
{
    private const int LongestName = 200;

    /// <summary>Name, number or address of an employee.</summary>
    public string? Employee { get; set; }

    /// <summary>Full name of somebody from outside.</summary>
    public string? Name { get; set; }

    /// <summary>The substitute's address.</summary>
    public string? Email { get; set; }

    /// <summary>Where somebody from outside works.</summary>
    public string? Workplace { get; set; }

    /// <summary>Whether the reader was told that the substitute is at another course at that time.</summary>
    public bool AcceptsOverlap { get; set; }

    /// <summary>The substitute; null when something is missing, which then stands beside its field.</summary>
    /// <param name="kind">How the substitute is named.</param>
    /// <param name="state">Takes the faults, under <c>Form.</c></param>
    /// <param name="localizer">The reader's language.</param>
    public Substitute? Read(SubstituteKind kind, ModelStateDictionary state, IStringLocalizer<Strings> localizer)
    {
        var email = EmailAddress.Parse(Email);
        switch (kind)
        {
            case SubstituteKind.Employee:
                return Substitute.OfEmployee(Employee) ?? Refuse("Form.Employee", "Substitute.EmployeeMissing");
            case SubstituteKind.Colleague:
                return email is null ? Refuse("Form.Email", "Substitute.EmailInvalid") : Substitute.OfEmployee(email);
            default:
                var (name, workplace) = (Clean(Name), Clean(Workplace));
                _ = name is null ? Refuse("Form.Name", "Substitute.NameMissing") : null;
                _ = email is null ? Refuse("Form.Email", "Substitute.EmailInvalid") : null;
                _ = workplace is null ? Refuse("Form.Workplace", "Substitute.WorkplaceMissing") : null;
                return name is null || email is null || workplace is null
                    ? null
                    : Substitute.OfExternal(new ExternalPerson(name, email, workplace, Languages.Current));
        }

        Substitute? Refuse(string field, string key)
        {
            state.AddModelError(field, localizer[key]);
            return null;
        }
    }

    private static string? Clean(string? text) =>
        text?.Trim() is { Length: > 0 and <= LongestName } trimmed && !trimmed.Any(char.IsControl) ? trimmed : null;
}

/// <summary>What the form's partial shows.</summary>
/// <param name="Form">What was typed.</param>
/// <param name="Kind">Which fields.</param>
/// <param name="Result">What became of the wish; null before it was made.</param>
public sealed record SubstituteFormView(SubstituteForm Form, SubstituteKind Kind, SubstituteResult? Result);
