using Booking.Data.People;

namespace Booking.Data.Bookings;

/// <summary>
/// One line that a secretary pasted: <c>name; e-mail</c> in the plain form, but also what mail programs and
/// spreadsheets put on the clipboard: <c>Name &lt;e-mail&gt;</c>, tabs, commas, only an address, or an employee number.
/// </summary>
public sealed record PastedLine
{
    private static readonly char[] Separators = [' ', '\t', ';', ',', '<', '>', '"', '\'', '(', ')', '|', '\u00a0'];

    private PastedLine(string text) => Text = text;

    /// <summary>The line as pasted, trimmed.</summary>
    public string Text { get; }

    /// <summary>The name, if the line has one.</summary>
    public string? Name { get; private init; }

    /// <summary>The e-mail address in lower case, if the line has one.</summary>
    public string? Email { get; private init; }

    /// <summary>The employee number, if the line has one.</summary>
    public string? EmployeeNumber { get; private init; }

    /// <summary>What to look these lines' employees up by: the address if there is one, else the number, else the name.</summary>
    public static EmployeeKeys Keys(IReadOnlyCollection<PastedLine> lines) => new(
        [.. lines.Select(line => line.Email).OfType<string>()],
        [.. lines.Where(line => line.Email is null).Select(line => line.EmployeeNumber).OfType<string>()],
        [.. lines.Where(line => line.Email is null && line.EmployeeNumber is null).Select(line => line.Name?.ToLowerInvariant()).OfType<string>()]);

    /// <summary>Reads pasted text. Empty lines are passed over; a line that repeats an earlier one stays, for its own answer.</summary>
    public static IReadOnlyList<PastedLine> Parse(string? text) =>
        [.. (text ?? "").ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(ParseLine)];

    // Taken apart at separators, not by a pattern: pasted text may be anything, of any length.
    private static PastedLine ParseLine(string line)
    {
        var words = line.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var email = words.FirstOrDefault(IsEmail);
        var number = words.FirstOrDefault(IsNumber);
        var name = string.Join(' ', words.Where(word => word != email && word != number));
        return new PastedLine(line)
        {
            Name = name.Length > 0 ? name : null,
            Email = email?.ToLowerInvariant(),
            EmployeeNumber = number,
        };
    }

    private static bool IsEmail(string word) =>
        word.IndexOf('@', StringComparison.Ordinal) is var at and > 0 && at < word.Length - 1 && at == word.LastIndexOf('@');

    private static bool IsNumber(string word) => word.Length is >= 3 and <= 10 && word.All(char.IsAsciiDigit);
}
