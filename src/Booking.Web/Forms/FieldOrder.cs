using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Booking.Web.Forms;

/// <summary>
/// Puts the faults of a form in the order of its fields, which is the order of the properties: model state itself keeps them by
/// the alphabet, and somebody who works down the list of faults would jump up and down the page.
/// </summary>
public static class FieldOrder
{
    /// <summary>The faults in the order of the fields; what concerns the whole form comes first, what is no field last.</summary>
    /// <param name="state">What was found wrong.</param>
    /// <param name="page">The page that has the fields.</param>
    public static IReadOnlyList<FieldFault> Faults(ModelStateDictionary state, ModelMetadata page) =>
    [
        .. state
            .Where(entry => entry.Value is { ValidationState: ModelValidationState.Invalid })
            .Select(entry => (entry.Key, Place: Place(entry.Key, page), entry.Value!.Errors))
            .OrderBy(entry => entry.Place, StringComparer.Ordinal)
            .SelectMany(entry => entry.Errors.Select(error => new FieldFault(entry.Key, error.ErrorMessage))),
    ];

    // "Form.Email" is the property Form, then its property Email: the numbers of both, of one length so that they compare as text.
    private static string Place(string key, ModelMetadata page)
    {
        var place = "";
        foreach (var name in key.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var number = IndexOf(page, name.Split('[')[0]);
            place += number.ToString("0000", System.Globalization.CultureInfo.InvariantCulture);
            if (number == NoField)
            {
                break;
            }

            page = page.Properties[number];
        }

        return place;
    }

    private const int NoField = 9999;

    private static int IndexOf(ModelMetadata owner, string name)
    {
        for (var number = 0; number < owner.Properties.Count; number++)
        {
            var property = owner.Properties[number];
            if (string.Equals(property.BinderModelName ?? property.PropertyName, name, StringComparison.OrdinalIgnoreCase))
            {
                return number;
            }
        }

        return NoField;
    }
}

/// <summary>One fault of a form.</summary>
/// <param name="Field">The field's name; empty when it concerns the whole form.</param>
/// <param name="Sentence">What is wrong.</param>
public sealed record FieldFault(string Field, string Sentence);
