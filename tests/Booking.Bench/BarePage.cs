using Booking.Data.Database;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Booking.Bench;

/// <summary>The least that a page can be: Kestrel, one Dapper query, the same bytes.</summary>
internal static class BarePage
{
    public static async Task RunAsync(string connectionString, string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        var database = BookingDatabase.CreateDataSource(connectionString);
        app.MapGet("/healthz/live", () => "ok");
        app.MapGet("/{**path}", async (HttpContext context) =>
        {
            await using var connection = await database.OpenConnectionAsync(context.RequestAborted);
            var html = await connection.QuerySingleAsync<string>(
                "select html from bench_pages where address = @address",
                new { address = context.Request.Path + context.Request.QueryString });
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(html, context.RequestAborted);
        });
        await app.RunAsync();
    }
}
