using Microsoft.Extensions.Logging.Console;

namespace Booking.Web.Logging;

/// <summary>How log lines look: one JSON object each in production, one readable line each in development.</summary>
internal static class LogSetup
{
    /// <summary>Replaces the framework's choice. Scopes stay out in both: they carry the address asked for, tokens and all.</summary>
    public static void AddBookingLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss ";
                options.ColorBehavior = Console.IsOutputRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
            });
        }
        else
        {
            builder.Logging.AddJsonConsole(options =>
            {
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
    }
}
