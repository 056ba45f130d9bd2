using System.Text;
using Booking.Data.Inbox;
using Booking.DatabaseTests.Outbox;
using Booking.DatabaseTests.Runs;
using Booking.Jobs.Inbox;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Inbox;

/// <summary>What comes back to the functional mailbox, from the mail's bytes to what people are told.</summary>
public sealed class InboxTests : IAsyncLifetime
{
    private readonly ListedInbox _mailbox = new();
    private RunCase _case = null!;
    private long _person;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _case = await RunCase.CreateAsync();
        await _case.Data.AddSeatsAsync(_case.Run, 4, pool: "open");
        _person = await _case.Data.AddEmployeeAsync(_case.A, "Anna Ågård", "Anna@example.org");
        await _case.ReserveAsync(_case.A, _person);
        await using var mail = MailCase.Over(_case.Database);
        await mail.DeliverAsync();
    }

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Failed_address_is_noted_and_the_secretary_told_once()
    {
        var keys = await _case.Data.QueryAsync<string>("select key from outbox where kind = 'booking.invitation' order by outbox_id");
        _mailbox.Add([.. keys.Select(key => Report(key, "anna@example.org"))]);

        Assert.Equal(2, await ReadAsync());

        Assert.Equal("anna@example.org|5.1.1|550 5.1.1 ukendt", await _case.Data.ScalarAsync<string>("select email || '|' || status || '|' || words from failed_addresses"));
        var text = await MailToAsync("sek@example.org");
        Assert.Contains("Mails til Anna Ågård kommer tilbage", text, StringComparison.Ordinal);
        Assert.Contains("550 5.1.1 ukendt", text, StringComparison.Ordinal);
        Assert.Equal(1, await _case.CountAsync("outbox where kind = 'booking.undelivered'"));
        Assert.Equal(0, await _case.CountAsync("inbox_set_aside"));
    }

    [Theory]
    [InlineData("anna@example.org", "some/other/key")]
    [InlineData("sek@example.org", null)]
    public async Task Report_about_no_mail_of_ours_is_set_aside_and_changes_nothing(string address, string? key)
    {
        key ??= await _case.Data.ScalarAsync<string>("select key from outbox where kind = 'booking.invitation' limit 1");
        _mailbox.Add(Report(key, address));

        await ReadAsync();

        Assert.Equal(0, await _case.CountAsync("failed_addresses"));
        Assert.Equal(1, await _case.CountAsync("inbox_set_aside"));
    }

    [Fact]
    public async Task Whoever_declines_is_asked_whether_the_seat_is_to_be_released_and_keeps_it_until_then()
    {
        var uid = await UidAsync();
        _mailbox.Add(Reply(uid, "anna@example.org", "DECLINED"), Reply(uid, "anna@example.org", "DECLINED"));

        await ReadAsync();

        Assert.Equal("declined", await _case.Data.ScalarAsync<string>("select reply from invitations where uid = @uid", new { uid }));
        var text = await MailToAsync("Anna@example.org");
        Assert.Contains("Skal din plads frigives?", text, StringComparison.Ordinal);
        Assert.Contains("/bookings/manage/", text, StringComparison.Ordinal);
        Assert.Equal("booked", await _case.Data.ScalarAsync<string>("select status from bookings"));
        Assert.Equal(1, await _case.CountAsync("outbox where kind = 'booking.declined'"));
    }

    [Fact]
    public async Task Whoever_accepts_has_an_address_that_works()
    {
        await _case.Data.ExecuteAsync("insert into failed_addresses values ('anna@example.org', @now, '', '')", new { now = _case.Database.Clock.GetUtcNow() });
        _mailbox.Add(Reply(await UidAsync(), "ANNA@example.org", "ACCEPTED"));

        await ReadAsync();

        Assert.Equal(1, await _case.CountAsync("invitations where reply = 'accepted' and replied_at is not null"));
        Assert.Equal(0, await _case.CountAsync("failed_addresses"));
        Assert.Equal(0, await _case.CountAsync("outbox where kind = 'booking.declined'"));
    }

    [Fact]
    public async Task Answer_in_another_persons_name_or_to_no_invitation_is_set_aside()
    {
        _mailbox.Add(Reply(await UidAsync(), "eve@example.org", "DECLINED"), Reply(Guid.NewGuid(), "anna@example.org", "DECLINED"));

        await ReadAsync();

        Assert.Equal(0, await _case.CountAsync("invitations where reply is not null"));
        Assert.Equal(2, await _case.CountAsync("inbox_set_aside"));
    }

    [Theory]
    [InlineData("update bookings set status = 'cancelled', cancelled_at = booked_at")]
    [InlineData("update sessions set starts_at = starts_at - interval '1 year', ends_at = ends_at - interval '1 year'")]
    public async Task Nobody_is_asked_about_a_seat_that_is_gone_or_a_day_that_is_over(string change)
    {
        var uid = await UidAsync();
        await _case.Data.ExecuteAsync(change);
        _mailbox.Add(Reply(uid, "anna@example.org", "DECLINED"));

        await ReadAsync();

        Assert.Equal(0, await _case.CountAsync("outbox where kind = 'booking.declined'"));
        Assert.Equal(0, await _case.CountAsync("inbox_set_aside"));
    }

    [Fact]
    public async Task Mail_that_nobody_can_read_never_stops_those_behind_it()
    {
        var uid = await UidAsync();
        _mailbox.Add(
            [0xFF, 0, 13, 10],
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 50))),
            Encoding.ASCII.GetBytes("From: chef@example.org\r\nSubject: Kan I ringe?\r\n\r\nHej"),
            Reply(uid, "anna@example.org", "MAYBE"),
            Reply(uid, "anna@example.org", "ACCEPTED"));

        Assert.Equal(5, await ReadAsync());

        Assert.Equal(1, await _case.CountAsync("invitations where reply = 'accepted'"));
        Assert.Equal([2, 4], await _case.Data.QueryAsync<long>("select uid from inbox_set_aside order by uid"));
    }

    [Fact]
    public async Task Every_mail_is_taken_once_also_by_several_nodes_and_a_new_mailbox_is_read_from_its_beginning()
    {
        var uid = await UidAsync();
        _mailbox.Add(Reply(uid, "anna@example.org", "DECLINED"), Reply(uid, "anna@example.org", "TENTATIVE"));

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAsync()));

        Assert.Equal(2, taken.Sum());
        Assert.Equal("tentative", await _case.Data.ScalarAsync<string>("select reply from invitations where uid = @uid", new { uid }));
        Assert.Equal(0, await ReadAsync());
        _mailbox.UidValidity++;
        Assert.Equal(2, await ReadAsync());
    }

    [Fact]
    public async Task What_came_back_long_ago_is_forgotten()
    {
        await _case.Data.ExecuteAsync(
            "insert into failed_addresses values ('anna@example.org', @now, '', ''); insert into inbox_set_aside values (1, 1, @now, 'x')",
            new { now = _case.Database.Clock.GetUtcNow() });
        var forget = _case.Database.Get<ForgetInbox>();

        _case.Database.Clock.Advance(TimeSpan.FromDays(59));
        await forget.RunAsync(Stop);
        Assert.Equal(1, await _case.CountAsync("failed_addresses"));

        _case.Database.Clock.Advance(TimeSpan.FromDays(2));
        await forget.RunAsync(Stop);
        Assert.Equal(0, await _case.CountAsync("failed_addresses"));
        Assert.Equal(0, await _case.CountAsync("inbox_set_aside"));
    }

    private async Task<int> ReadAsync()
    {
        await using var mail = MailCase.Over(_case.Database);
        return await mail.New<ReadInbox>(_mailbox).RunAsync(Stop);
    }

    private async Task<string> MailToAsync(string address)
    {
        await using var mail = MailCase.Over(_case.Database);
        await mail.DeliverAsync();
        return mail.Server.TextTo(address);
    }

    private Task<Guid> UidAsync() => _case.Data.ScalarAsync<Guid>("select uid from invitations order by session_id limit 1");

    private static byte[] Report(string key, string address) => Encoding.ASCII.GetBytes(
        $"""
        From: MAILER-DAEMON@mx.example.org
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org

        Final-Recipient: rfc822; {address}
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 ukendt

        --b
        Content-Type: message/rfc822

        Message-ID: {MimeComposer.MessageId(key, new Mailbox("kurser@region.example", "Kurser"))}

        --b--
        """);

    private static byte[] Reply(Guid uid, string attendee, string answer) => Encoding.ASCII.GetBytes(
        $"""
        From: {attendee}
        Content-Type: text/calendar; method=REPLY; charset=utf-8

        BEGIN:VCALENDAR
        METHOD:REPLY
        BEGIN:VEVENT
        UID:{uid}
        SEQUENCE:0
        ATTENDEE;PARTSTAT={answer}:mailto:{attendee}
        END:VEVENT
        END:VCALENDAR
        """);

    /// <summary>A mailbox that is a list.</summary>
    private sealed class ListedInbox : IMailInbox
    {
        private readonly List<byte[]> _mails = [];

        public long UidValidity { get; set; } = 7;

        public void Add(params byte[][] mails) => _mails.AddRange(mails);

        public async IAsyncEnumerable<InboxMail> ReadAsync(
            InboxPosition? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            var from = after?.UidValidity == UidValidity ? after.Uid : 0;
            for (var uid = from + 1; uid <= _mails.Count; uid++)
            {
                yield return new InboxMail(new InboxPosition { UidValidity = UidValidity, Uid = uid }, _mails[(int)uid - 1]);
            }
        }
    }
}
