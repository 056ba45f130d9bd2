using System.Text.Json;
using Booking.Web.Verbs;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Booking.Web.Health;

/// <summary>
/// Two addresses for whatever watches over the process: <c>/healthz/live</c> (is it there; restart it when not) and
/// <c>/healthz/ready</c> (can it do its work; send it no requests when not).
/// </summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Registers what this process's role needs to be ready.</summary>
    public static IServiceCollection AddBookingHealth(this IServiceCollection services, ServeArguments arguments)
    {
        var checks = services.AddHealthChecks()
            .AddCheck<DatabaseCheck>("database", timeout: Timeout)
            .AddCheck<MigrationCheck>("migrations", timeout: Timeout);
        if (arguments.Works)
        {
            checks.AddCheck<WorkerCheck>("worker");
        }

        return services;
    }

    /// <summary>Maps both, open to everybody: they tell states, never names, addresses or reasons.</summary>
    public static void MapBookingHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        var body = new Dictionary<string, string> { ["status"] = report.Status == HealthStatus.Healthy ? "ok" : "not ready" };
        foreach (var (name, entry) in report.Entries)
        {
            body[name] = entry.Description ?? "did not answer in time";
        }

        return context.Response.WriteAsync(JsonSerializer.Serialize(body), context.RequestAborted);
    }
}
