using System.Text.RegularExpressions;

namespace Booking.Data.Plans.Reading;

/// <summary>
/// The typed values of a sheet's current row. Each reports its own fault and then gives null or the empty value:
/// a plan with any fault is never imported.
/// </summary>
internal static partial class PlanCells
{
    private const string EmailExample = "en e-mailadresse som «navn@example.org»";

    public static string? Text(this PlanSheet sheet, string column, int longest, bool required = false)
    {
        var value = sheet.Value(column);
        if (string.IsNullOrEmpty(value))
        {
            if (required && value is not null)
            {
                sheet.Fault(column, "", "skal udfyldes");
            }

            return null;
        }

        if (value.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')))
        {
            sheet.Fault(column, value, "tekst uden styretegn (NUL og lignende)");
            return null;
        }

        if (value.Length > longest)
        {
            sheet.Fault(column, value, $"højst {longest} tegn");
            return null;
        }

        return value.ReplaceLineEndings("\n");
    }

    public static string? Code(this PlanSheet sheet, string column)
    {
        var value = sheet.Text(column, 40, required: true);
        return Matching(sheet, column, value, CodePattern(), "bogstaver, tal, bindestreg, punktum og understregning uden mellemrum");
    }

    public static string? PostalCode(this PlanSheet sheet, string column, bool required = false) =>
        Matching(sheet, column, sheet.Text(column, 40, required), PostalCodePattern(), "fire cifre som «9000»");

    public static int? Integer(this PlanSheet sheet, string column, int least, int most, bool required = false)
    {
        var value = sheet.Text(column, 40, required);
        var number = value is null ? null : DanishNumbers.Parse(value);
        if (value is not null && (number is null || number != decimal.Truncate(number.Value) || number < least || number > most))
        {
            sheet.Fault(column, value, $"et helt tal fra {DanishNumbers.Format(least)} til {DanishNumbers.Format(most)}");
            return null;
        }

        return (int?)number;
    }

    public static decimal? Decimal(this PlanSheet sheet, string column, decimal least, decimal most, int decimals, string example)
    {
        var value = sheet.Text(column, 40);
        var number = value is null ? null : DanishNumbers.Parse(value);
        if (value is not null && (number is null || number != decimal.Round(number.Value, decimals) || number < least || number > most))
        {
            sheet.Fault(column, value, $"et tal med decimalkomma som «{example}», fra {DanishNumbers.Format(least)} til {DanishNumbers.Format(most)}, højst {decimals} decimaler");
            return null;
        }

        return number;
    }

    public static string? Word(this PlanSheet sheet, string column, PlanWords words)
    {
        var value = sheet.Text(column, 200, required: true);
        var stored = value is null ? null : words.Find(value);
        if (value is not null && stored is null)
        {
            sheet.Fault(column, value, words.Expected(value));
        }

        return stored;
    }

    /// <summary>A wrong answer counts as yes, which brings the fewest faults in its train.</summary>
    public static bool YesNo(this PlanSheet sheet, string column) => sheet.Word(column, PlanWords.YesNo) != "false";

    public static IReadOnlyList<string> List(this PlanSheet sheet, string column, char separator, int longest) =>
        sheet.Text(column, longest)?.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static IReadOnlyList<string> Words(this PlanSheet sheet, string column, PlanWords words)
    {
        var stored = new List<string>();
        foreach (var value in sheet.List(column, ';', 1_000))
        {
            if (words.Find(value) is not { } word)
            {
                sheet.Fault(column, value, words.Expected(value));
            }
            else if (!stored.Contains(word))
            {
                stored.Add(word);
            }
        }

        return stored;
    }

    public static string? Email(this PlanSheet sheet, string column, bool required = false)
    {
        var value = sheet.Text(column, 254, required);
        return Matching(sheet, column, value, EmailPattern(), EmailExample);
    }

    public static IReadOnlyList<string> Emails(this PlanSheet sheet, string column)
    {
        if (sheet.Value(column) is { Length: 0 })
        {
            sheet.Fault(column, "", "skal udfyldes");
        }

        var emails = new List<string>();
        foreach (var value in sheet.List(column, ';', 2_000))
        {
            if (Matching(sheet, column, value, EmailPattern(), EmailExample + "; flere adskilles med semikolon i anførselstegn") is { } email
                && !emails.Contains(email, StringComparer.OrdinalIgnoreCase))
            {
                emails.Add(email);
            }
        }

        return emails;
    }

    public static string? Link(this PlanSheet sheet, string column)
    {
        var value = sheet.Text(column, 2_000);
        if (value is not null && !(Uri.TryCreate(value, UriKind.Absolute, out var link) && link.Scheme is "https" or "http"))
        {
            sheet.Fault(column, value, "en adresse, der begynder med https://");
            return null;
        }

        return value;
    }

    public static DateTimeOffset? Instant(this PlanSheet sheet, string column, PlanClock clock, bool required = true)
    {
        if (sheet.Text(column, 100, required) is not { } value)
        {
            return null;
        }

        var (at, fault) = clock.Instant(value);
        if (fault is not null)
        {
            sheet.Fault(column, value, fault);
        }

        return at;
    }

    public static IReadOnlyList<PlanSession> Sessions(this PlanSheet sheet, string column, PlanClock clock)
    {
        if (sheet.Text(column, 5_000, required: true) is not { } value)
        {
            return [];
        }

        var (sessions, fault) = clock.Sessions(value);
        if (fault is not null)
        {
            sheet.Fault(column, value, fault);
            return [];
        }

        return sessions;
    }

    /// <summary>Remembers the keys of a file, well-formed or not, and reports when an earlier line has this one.</summary>
    public static void Unique(this PlanSheet sheet, string column, Dictionary<string, int> lineByKey)
    {
        if (sheet.Value(column) is { Length: > 0 } key && !lineByKey.TryAdd(key, sheet.Line))
        {
            sheet.Fault(column, key, $"en værdi, der kun står én gang; den står også i linje {lineByKey[key]}");
        }
    }

    private static string? Matching(PlanSheet sheet, string column, string? value, Regex pattern, string expected)
    {
        if (value is null || pattern.IsMatch(value))
        {
            return value;
        }

        sheet.Fault(column, value, expected);
        return null;
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}][\p{L}\p{Nd}._-]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"^\d{4}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PostalCodePattern();

    [GeneratedRegex(@"^(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EmailPattern();
}
