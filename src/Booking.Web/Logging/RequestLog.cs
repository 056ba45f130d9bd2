using System.Diagnostics;

namespace Booking.Web.Logging;

/// <summary>
/// One line per request: method, route, status, time. The route is logged as it is declared
/// (<c>/sign-up/confirm/{token}</c>), never the address that was asked for: tokens, names and searches stay out of the logs.
/// </summary>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    /// <summary>Passes the request on and logs what became of it.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            logger.Log(
                Level(context.Response.StatusCode, route),
                "{Method} {Route} {Status} {Milliseconds} ms",
                context.Request.Method,
                route is null ? "(no route)" : "/" + route.TrimStart('/'),
                context.Response.StatusCode,
                Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1));
        }
    }

    // Style sheets and health probes are many and say nothing as long as they work.
    private static LogLevel Level(int status, string? route) => status switch
    {
        >= 500 => LogLevel.Warning,
        < 400 when route is null || route.TrimStart('/').StartsWith("healthz", StringComparison.Ordinal) => LogLevel.Debug,
        _ => LogLevel.Information,
    };
}
