namespace Booking.Data.Bookings;

/// <summary>
/// The EAN location number (GLN) that a Danish public body is invoiced by: 13 digits, the last a check digit.
/// Source: GS1 General Specifications, check digit calculation for GTIN and GLN.
/// </summary>
public static class Ean
{
    /// <summary>Takes what people type, with spaces, and gives the bare 13 digits.</summary>
    /// <returns>The digits, or null when there are not 13 of them or the check digit is wrong.</returns>
    public static string? Parse(string? text)
    {
        var digits = string.Concat((text ?? "").Where(c => !char.IsWhiteSpace(c) && c != '-'));
        return digits.Length == 13 && digits.All(char.IsAsciiDigit) && CheckDigit(digits) == digits[^1] - '0' ? digits : null;
    }

    // Weights 1 and 3 alternate from the left over the first twelve digits.
    private static int CheckDigit(string digits) =>
        (10 - digits.Take(12).Select((digit, position) => (digit - '0') * (position % 2 == 0 ? 1 : 3)).Sum() % 10) % 10;
}
