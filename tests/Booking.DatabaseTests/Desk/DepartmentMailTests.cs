using Booking.Data.Allotments;
using Booking.Data.Bookings;
using Booking.DatabaseTests.Outbox;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Desk;

/// <summary>The mails to a department's secretaries, as they arrive.</summary>
public sealed class DepartmentMailTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hold_warning_and_release_of_seats_without_names_are_told_with_a_link()
    {
        await using var given = await DeskCase.CreateAsync();
        await using var mail = MailCase.Over(given.Database);
        await given.HoldAsync(2);
        var until = new DateTimeOffset(await given.Data.ScalarAsync<DateTime>("select min(held_until) from bookings"), TimeSpan.Zero);
        await mail.DeliverAsync();
        given.Database.Clock.Set(until.AddDays(-3));
        await given.SweepAsync();
        await mail.DeliverAsync();
        given.Database.Clock.Set(until);
        await given.SweepAsync();
        await mail.DeliverAsync();

        Assert.Equal(
            ["I holder 2 pladser på Ro & nærvær", "Navne mangler: 2 pladser på Ro & nærvær", "2 pladser på Ro & nærvær er givet fri"],
            mail.Server.Mails.Select(m => m["Subject"]));
        var texts = mail.Server.Tried.Select(tried => MimeReader.Text(MimeReader.Parts(MimeReader.Read(tried.Message))[0])).ToList();
        Assert.All(texts, text => Assert.Contains($"https://kurser.example.org/desk/runs/H-1?department={given.A}", text, StringComparison.Ordinal));
        Assert.All(texts.Take(2), text => Assert.Contains("5. marts 2027 kl. 8.30", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Warning_of_a_release_has_a_link_that_knows_run_department_and_secretary()
    {
        await using var given = await DeskCase.CreateAsync();
        await using var mail = MailCase.Over(given.Database);
        var release = new DateTimeOffset(await given.Data.ScalarAsync<DateTime>("select release_at from runs"), TimeSpan.Zero);
        given.Database.Clock.Set(release.AddDays(-3));
        await given.WarnAsync();
        await mail.DeliverAsync();

        var text = mail.Server.TextTo(DeskCase.SecretaryOfA);
        Assert.Contains("3 pladser på Ro & nærvær frigives", mail.Server.Mails[0]["Subject"], StringComparison.Ordinal);
        Assert.Contains("?choice=keep", text, StringComparison.Ordinal);
        Assert.Contains("?choice=hand_back", text, StringComparison.Ordinal);
        var hash = LinkToken.Hash(MailCase.Token(text, "/release/"));
        var links = given.Database.Get<ReleaseWarningRepository>();
        var found = await links.FindByTokenAsync(hash, given.Database.Clock.GetUtcNow(), Stop);
        Assert.Equal((given.Run, given.A, DeskCase.SecretaryOfA, 3L), (found!.RunId, found.DepartmentId, found.Secretary, found.UnusedSeats));
        Assert.Null(await links.FindByTokenAsync(hash, release, Stop));

        await given.Data.ExecuteAsync("delete from department_secretaries where department_id = @A", new { given.A });
        Assert.Null(await links.FindByTokenAsync(hash, given.Database.Clock.GetUtcNow(), Stop));
    }

    [Fact]
    public async Task Warning_of_what_has_been_settled_is_not_sent()
    {
        await using var given = await DeskCase.CreateAsync();
        await using var mail = MailCase.Over(given.Database);
        given.Database.Clock.Set(new DateTimeOffset(await given.Data.ScalarAsync<DateTime>("select release_at from runs"), TimeSpan.Zero).AddDays(-3));
        await given.WarnAsync();
        await given.HandBackAsync();
        await given.HandBackAsync(department: given.B);

        await mail.DeliverAsync();

        Assert.Empty(mail.Server.Tried);
        Assert.Equal(2, await given.Data.ScalarAsync<long>("select count(*) from outbox where kind = 'release.warning' and status = 'discarded'"));
    }
}
