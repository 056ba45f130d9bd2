namespace Booking.Data.Catalogue;

/// <summary>A place people travel from or to, and how much of the travelling is there.</summary>
public sealed record TravelPoint
{
    /// <summary>Degrees north.</summary>
    public required double Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    public required double Longitude { get; init; }

    /// <summary>Its share: a department's weight, or a venue's number of runs.</summary>
    public required double Weight { get; init; }
}

/// <summary>What the travel to a course is reckoned from.</summary>
public sealed record TravelFacts
{
    /// <summary>The departments.</summary>
    public required IReadOnlyList<TravelPoint> From { get; init; }

    /// <summary>The venues.</summary>
    public required IReadOnlyList<TravelPoint> To { get; init; }
}

/// <summary>
/// An estimate of what one participant's journey to a course and home again is worth when it is not made: the weighted mean over
/// departments and venues of the great-circle distance, made longer by a third or so because roads are not straight.
/// </summary>
public sealed record TravelSaving
{
    /// <summary>Roads are about this much longer than the straight line.</summary>
    public const double RoadFactor = 1.3;

    private const double EarthRadiusKilometres = 6371.0;

    /// <summary>There and back, in kilometres.</summary>
    public required double Kilometres { get; init; }

    /// <summary>What driving it alone in a car gives off, in kilograms of CO2 equivalents.</summary>
    public required double KilogramsCo2 { get; init; }

    /// <summary>The estimate, or null when a place is unknown.</summary>
    /// <param name="facts">Departments and venues.</param>
    /// <param name="kilogramsPerKilometre">What a car gives off.</param>
    public static TravelSaving? Estimate(TravelFacts facts, double kilogramsPerKilometre)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var weight = facts.From.Sum(f => f.Weight) * facts.To.Sum(t => t.Weight);
        if (weight <= 0)
        {
            return null;
        }

        var oneWay = facts.From.Sum(from => facts.To.Sum(to => from.Weight * to.Weight * Distance(from, to))) / weight;
        var kilometres = 2 * RoadFactor * oneWay;
        return new TravelSaving { Kilometres = kilometres, KilogramsCo2 = kilometres * kilogramsPerKilometre };
    }

    internal static double Distance(TravelPoint from, TravelPoint to)
    {
        var (north, east) = (Radians(to.Latitude - from.Latitude), Radians(to.Longitude - from.Longitude));
        var chord = Math.Pow(Math.Sin(north / 2), 2)
            + (Math.Cos(Radians(from.Latitude)) * Math.Cos(Radians(to.Latitude)) * Math.Pow(Math.Sin(east / 2), 2));
        return 2 * EarthRadiusKilometres * Math.Asin(Math.Min(1, Math.Sqrt(chord)));
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
