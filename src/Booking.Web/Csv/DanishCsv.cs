using System.Globalization;
using System.Text;
using Booking.Web.Localisation;

namespace Booking.Web.Csv;

/// <summary>
/// A CSV file that opens right by a double click in Danish Excel: UTF-8 with a byte order mark, semicolons, CRLF, decimal comma,
/// dates as <c>15-03-2027</c>. Text that a spreadsheet would run as a formula is made harmless; numbers stay numbers.
/// </summary>
public sealed class DanishCsv
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];
    private readonly StringBuilder _text = new();
    private bool _isFirstInRow = true;

    /// <summary>The media type of the file.</summary>
    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>A cell of text, quoted when it must be.</summary>
    /// <param name="value">As typed by anybody.</param>
    public DanishCsv Text(string? value)
    {
        var text = value ?? "";
        // See OWASP, CSV injection: Excel runs a cell that begins so, also inside quotes.
        return Cell(text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text);
    }

    /// <summary>A whole number without thousands separator; null is an empty cell.</summary>
    /// <param name="value">The number.</param>
    public DanishCsv Number(long? value) => Cell(value?.ToString(CultureInfo.InvariantCulture) ?? "");

    /// <summary>A number with a decimal comma and a fixed number of decimals.</summary>
    /// <param name="value">The number.</param>
    /// <param name="decimals">How many decimals.</param>
    public DanishCsv Fraction(decimal value, int decimals) =>
        Cell(value.ToString(string.Create(CultureInfo.InvariantCulture, $"F{decimals}"), CultureInfo.InvariantCulture).Replace('.', ','));

    /// <summary><c>15-03-2027</c></summary>
    /// <param name="value">The day.</param>
    public DanishCsv Date(DateOnly value) => Cell(value.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture));

    /// <summary><c>15-03-2027 08:30</c></summary>
    /// <param name="at">The instant.</param>
    /// <param name="timeZone">IANA name of the zone that it is written in.</param>
    public DanishCsv DateTime(DateTimeOffset at, string timeZone) =>
        Cell(DisplayFormat.Local(at, timeZone).ToString("dd-MM-yyyy HH:mm", CultureInfo.InvariantCulture));

    /// <summary>Ends the row.</summary>
    public DanishCsv EndRow()
    {
        _text.Append("\r\n");
        _isFirstInRow = true;
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes() => [.. ByteOrderMark, .. Encoding.UTF8.GetBytes(_text.ToString())];

    private DanishCsv Cell(string value)
    {
        if (!_isFirstInRow)
        {
            _text.Append(';');
        }

        _isFirstInRow = false;
        _text.Append(value.AsSpan().ContainsAny(";\"\r\n\t") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value);
        return this;
    }
}
