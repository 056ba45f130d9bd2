using System.Net;
using Booking.TestSupport;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.WebTests.Frame;

public sealed class FrameTests(BookingHost host) : IClassFixture<BookingHost>
{
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/nowhere")]
    [InlineData("/css/site.css")]
    [InlineData("/site-color.css")]
    public async Task Every_answer_carries_the_security_headers(string url)
    {
        var answer = await host.Stranger().GetAsync(url);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'; base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/nowhere")]
    public async Task Pages_have_no_inline_script_or_style(string url)
    {
        var html = await (await host.Stranger().GetAsync(url)).Content.ReadAsStringAsync();

        Assert.DoesNotContain("<style", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" style=", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<script(?![^>]* src=)", html);
        Assert.DoesNotMatch(" on[a-z]+=\"", html);
    }

    [Fact]
    public async Task Unknown_address_is_404_in_the_design_for_a_stranger()
    {
        var answer = await host.Stranger().GetAsync("/nowhere/at/all");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Siden findes ikke", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Danish_is_shown_whatever_the_browser_prefers()
    {
        var client = host.Stranger();
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en-GB,en;q=0.9");

        var html = await client.GetStringAsync("/sign-in");

        Assert.Contains("<html lang=\"da\">", html, StringComparison.Ordinal);
        Assert.Contains("Log ind", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task English_is_chosen_by_the_query_and_remembered()
    {
        var client = host.Stranger();

        var choice = await client.GetAsync("/sign-in?returnUrl=%2Fcourses&culture=en");
        Assert.Equal("/sign-in?returnUrl=%2Fcourses", choice.Headers.Location?.ToString());

        var html = await client.GetStringAsync("/sign-in");
        Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
        Assert.Contains("Sign in", html, StringComparison.Ordinal);
        var missing = await client.GetAsync("/nowhere");
        Assert.Contains("The page does not exist", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in?culture=xx")]
    [InlineData("/sign-in?culture=")]
    [InlineData("/sign-in?culture=en&culture=da")]
    public async Task Nonsense_languages_are_ignored(string url)
    {
        var answer = await host.Stranger(followRedirects: true).GetAsync(url);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Language_choice_never_leaves_the_site()
    {
        var answer = await host.Stranger().GetAsync("https://localhost//evil.example/?culture=en");

        Assert.StartsWith("/evil.example", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Colour_is_configuration()
    {
        await using var other = BookingHost.Create(settings: ("Site:Color", "#7a1f5c"));

        var css = await other.Stranger().GetStringAsync("/site-color.css");

        Assert.Contains("--site-color: #7a1f5c;", css, StringComparison.Ordinal);
        Assert.Contains("/site-color.css?v=7a1f5c", await other.Stranger().GetStringAsync("/sign-in"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_asks_a_stranger_to_sign_in_unless_it_says_that_it_is_open()
    {
        var client = host.Stranger();
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null).ToList();

        Assert.NotEmpty(endpoints);
        foreach (var endpoint in endpoints)
        {
            var url = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => s.Parts[0] switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                _ => "1",
            }));
            var answer = await client.GetAsync(url);
            var isPage = endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null;

            Assert.True(
                answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
                || (answer.StatusCode == HttpStatusCode.Redirect
                    && answer.Headers.Location!.ToString().Contains("/sign-in", StringComparison.Ordinal)),
                $"{url} (page: {isPage}) answered a stranger {(int)answer.StatusCode}.");
        }
    }
}
