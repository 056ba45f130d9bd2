using Microsoft.Playwright;
using Xunit;
using Xunit.Sdk;

namespace Booking.BrowserTests;

/// <summary>Three windows stay open for all pages: a new window costs more than most pages do.</summary>
public sealed class Windows(Product product) : IAsyncLifetime
{
    private readonly Dictionary<(int Width, string Language), IPage> _pages = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var (width, language) in new[] { (1280, "da"), (1280, "en"), (390, "da") })
        {
            _pages[(width, language)] = await product.OpenAsync(width: width);
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_pages.Values.Select(page => page.Context.CloseAsync()));

    public Task LookAsync(Func<IPage, string, Task> look) => Task.WhenAll(_pages.Select(page => look(page.Value, page.Key.Language)));
}

/// <summary>Every page, in both widths and both languages, under axe; and at 200 % zoom.</summary>
public sealed class PageTests(Product product, Windows windows) : IClassFixture<Windows>
{
    public static TheoryData<string?, string> Pages => new()
    {
        { null, "/courses" },
        { null, "/courses?q=intetpasserpådette" },
        { null, "/courses?form=online&sort=title" },
        { null, "/courses/K27-003" },
        { null, "/courses/K27-002" },
        { null, "/runs/K27-003-1" },
        { null, "/sign-in" },
        { null, "/sign-up/sent" },
        { null, "/runs/K27-003-1/sign-up/link" },
        { null, "/sign-up/confirm/ukendt" },
        { null, "/bookings/manage/ukendt" },
        { null, "/waiting-list/ukendt" },
        { null, "/bookings/manage/ukendt/substitute" },
        { null, "/findes-ikke" },
        { null, "/dev/mail" },
        { "sekretaer.akut@example.org", "/courses" },
        { "sekretaer.akut@example.org", "/runs/K27-003-1" },
        { "sekretaer.akut@example.org", "/runs/K27-003-1/reserve?q=b" },
        { "sekretaer.akut@example.org", "/bookings/department" },
        { "sekretaer.akut@example.org", "/desk" },
        { "sekretaer.akut@example.org", "/desk?show=all" },
        { "sekretaer.akut@example.org", "/desk/runs/K27-003-1" },
        { "sekretaer.akut@example.org", "/desk/calendar?month=2027-03" },
        { "sekretaer.akut@example.org", "/desk/calendar?month=2030-01" },
        { null, "/release/ukendt" },
        { null, "/attendance/ukendt" },
        { "underviser2@example.org", "/attendance" },
        { "underviser2@example.org", "/runs/K27-001-1/attendance" },
        { "hr@example.org", "/runs/K27-001-1/attendance?session=2" },
        { "sekretaer.akut@example.org", "/runs/K27-003-1/waiting-list" },
        { "sekretaer.akut@example.org", "/waiting-lists" },
        { "sekretaer.akut@example.org", "/swaps" },
        { "sekretaer.akut@example.org", "/swaps/new" },
        { "sekretaer.akut@example.org", "/swaps/new?To=1" },
        { "sekretaer.akut@example.org", "/hr/fill-rates" },
        { "administrator@example.org", "/admin/outbox" },
        { "administrator@example.org", "/admin/outbox?status=dead&kind=run.moved" },
        { "administrator@example.org", "/admin/outbox/1" },
        { "administrator@example.org", "/admin/schedules" },
        { "administrator@example.org", "/admin/inbox" },
        { "m1002@example.org", "/bookings" },
        { "hr@example.org", "/hr/fill-rates" },
        { "hr@example.org", "/hr/runs/K27-003-1/allotment" },
        { "hr@example.org", "/hr/runs/K27-003-1/audit" },
        { "hr@example.org", "/hr/runs/K27-003-1" },
        { "hr@example.org", "/hr/runs/K27-003-1/capacity" },
        { "hr@example.org", "/hr/runs/K27-003-1/cancel" },
        { "hr@example.org", "/hr/runs/K27-003-1/postpone" },
        { "hr@example.org", "/hr/runs/K27-003-1/bookings" },
        { "hr@example.org", "/hr/attendance" },
        { "hr@example.org", "/hr/follow-ups" },
        { null, "/follow-up/ukendt" },
        { null, "/follow-up/ukendt/mail" },
        { "hr@example.org", "/hr/runs/K27-003-1/waiting-list" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_has_no_finding_in_either_width_and_language(string? email, string address)
    {
        await windows.LookAsync(async (page, language) =>
        {
            await product.SwitchToAsync(page, email);
            await page.GotoAsync($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}culture={language}");
            Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
            await page.InspectAsync($"page-{Name(email, address)}-{language}");
        });

        Assert.Empty(product.Faults);
    }

    [Fact]
    public async Task What_axe_finds_is_told()
    {
        var page = await product.OpenAsync();
        await page.GotoAsync("/sign-in");
        await page.EvaluateAsync("() => document.querySelector('main').append(new Image())");

        var finding = await Assert.ThrowsAsync<TrueException>(() => page.InspectAsync("finding"));

        Assert.Contains("image-alt", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/courses")]
    [InlineData("/courses/K27-003")]
    [InlineData("/runs/K27-003-1")]
    public async Task Page_at_200_percent_zoom_does_not_scroll_sideways(string address)
    {
        // 1280 px at 200 % are 640 px wide to the page.
        var page = await product.OpenAsync(width: 640);
        await page.GotoAsync(address);

        await page.LookAsync($"zoom-{Name(null, address)}");
    }

    [Fact]
    public async Task Catalogue_filters_without_a_page_load_and_back_returns()
    {
        var page = await product.OpenAsync();
        await page.GotoAsync("/courses");
        await page.EvaluateAsync("() => { window.still = true; }");
        var all = await page.Locator("#result-count").InnerTextAsync();

        await page.Locator("label[for='form-online']").ClickAsync();
        await Assertions.Expect(page.Locator("#result-count")).Not.ToHaveTextAsync(all);

        Assert.Contains("form=online", page.Url, StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("() => window.still === true"), "The page was loaded anew.");
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("#result-count")).ToHaveTextAsync(all);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Participant_makes_a_link_to_the_own_calendar_and_closes_it(int width)
    {
        var page = await product.OpenAsync(width: width);
        await Product.SignInAsync(page, "m1002@example.org");
        await page.GotoAsync("/bookings");
        await page.Locator("form[action*='Make' i] button").ClickAsync();
        await page.InspectAsync("feed-made");
        var address = await page.Locator("#feed-address").InputValueAsync();
        Assert.Equal("text/calendar; charset=utf-8", (await page.Context.APIRequest.GetAsync(address)).Headers["content-type"]);

        await page.Locator("form[action*='Revoke' i] button").First.ClickAsync();

        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("Linket er lukket");
        Assert.Equal(404, (await page.Context.APIRequest.GetAsync(address)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hr_sorts_filters_and_downloads_the_fill_rates(bool script)
    {
        var page = await product.OpenAsync(script);
        await Product.SignInAsync(page, "hr@example.org");
        await page.GotoAsync("/hr/fill-rates");
        await page.LookAsync($"hr-fill-rates-{script}");
        var shown = await page.Locator("a.fill-title").CountAsync();
        Assert.True(shown > 0, "No run is shown.");
        await page.Locator("thead th a").First.ClickAsync();
        await Assertions.Expect(page.Locator("th[aria-sort]:not([aria-sort='none'])")).ToHaveCountAsync(1);

        var link = await page.Locator("a[href*='fill-rates.csv']").First.GetAttributeAsync("href");
        var csv = await (await page.Context.APIRequest.GetAsync(link!)).BodyAsync();

        Assert.Equal([0xEF, 0xBB, 0xBF], csv[..3]);
        Assert.True(System.Text.Encoding.UTF8.GetString(csv).Split("\r\n").Length > shown, "The file has too few lines.");
    }

    private static string Name(string? email, string address) =>
        string.Concat($"{email?.Split('@', '.')[0]}{address}".Select(c => char.IsLetterOrDigit(c) ? c : '-'));
}
