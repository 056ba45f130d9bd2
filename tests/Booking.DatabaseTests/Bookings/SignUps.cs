using Booking.Data.Bookings;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Bookings;

/// <summary>External sign-ups as tests need them.</summary>
internal static class SignUps
{
    /// <summary>A form filled in right, by somebody from a municipality.</summary>
    public static SignUpRequest Request(long run, string email = "ekstern@example.org") => new()
    {
        Reference = Guid.NewGuid(),
        RunId = run,
        Name = "Eva Ekstern",
        Email = email,
        Workplace = "Aalborg Kommune",
        Sector = "municipality",
        Language = "da",
    };

    /// <summary>A run with two sessions of a course for other sectors; seats are the test's business.</summary>
    public static async Task<long> AddCrossSectorRunAsync(this TestData data, string? title = null) =>
        await data.AddRunAsync(await data.AddCourseAsync(title: title, crossSector: true), sessions: 2);
}
