namespace Booking.Web;

/// <summary>Marks the texts of the screens: Resources/Strings.da.resx (default) and Strings.en.resx.</summary>
public sealed class Strings;
