using System.Text;
using Booking.Data.Outbox;
using Booking.Jobs;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

/// <summary>
/// The real outbox and the real transport against a real server that does wrong whatever a server can do wrong: nothing is lost,
/// nothing leaves twice with different bytes, nothing stays behind, and every attempt is on record with the server's words.
/// </summary>
public sealed class FaultyServerTests : IAsyncLifetime
{
    private const int Mails = 12;

    private MailCase _case = null!;
    private TestSmtpServer _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TestData Data => _case.Database.Data;

    public ValueTask InitializeAsync() => StartAsync(_server);

    public async ValueTask DisposeAsync()
    {
        await _case.DisposeAsync();
        await _server.DisposeAsync();
    }

    public static TheoryData<SmtpFault, string, string> Faults => new()
    {
        { new(SmtpStage.Greeting, "554 5.3.2 no service here\r\n", SmtpThen.Drops), AttemptOutcomes.TryAgain, "554 5.3.2 no service here" },
        { new(SmtpStage.Greeting, "", SmtpThen.Drops), AttemptOutcomes.TryAgain, "" },
        { new(SmtpStage.Greeting, "HTTP/1.1 400 Bad Request\r\n", SmtpThen.Drops), AttemptOutcomes.TryAgain, Nonsense("HTTP/1.1 400") },
        { new(SmtpStage.Greeting, "", SmtpThen.Stalls), AttemptOutcomes.TryAgain, "did not answer in time" },
        { new(SmtpStage.Hello, "550 5.7.1 who are you\r\n", SmtpThen.Drops), AttemptOutcomes.TryAgain, "5.7.1 who are you" },
        { new(SmtpStage.Sender, "451 4.3.0 disk full\r\n"), AttemptOutcomes.TryAgain, "451 4.3.0 disk full" },
        { new(SmtpStage.Sender, "550 5.1.8 sender unknown\r\n"), AttemptOutcomes.TryAgain, "550 5.1.8 sender unknown" },
        { new(SmtpStage.Sender, "421 4.3.2 going down\r\n", SmtpThen.Drops), AttemptOutcomes.TryAgain, "421 4.3.2 going down" },
        { new(SmtpStage.Recipient, "450 4.2.1 mailbox busy\r\n"), AttemptOutcomes.TryAgain, "450 4.2.1 mailbox busy" },
        { new(SmtpStage.Recipient, "550 5.1.1 no such mailbox\r\n"), AttemptOutcomes.Refused, "550 5.1.1 no such mailbox" },
        { new(SmtpStage.Data, "451 4.3.0 not now\r\n"), AttemptOutcomes.TryAgain, "451 4.3.0 not now" },
        { new(SmtpStage.Data, "554 5.5.1 no\r\n"), AttemptOutcomes.TryAgain, "554 5.5.1 no" },
        { new(SmtpStage.Data, "", SmtpThen.Drops), AttemptOutcomes.TryAgain, "" },
        { new(SmtpStage.Message, "451 4.3.0 try later\r\n"), AttemptOutcomes.TryAgain, "451 4.3.0 try later" },
        { new(SmtpStage.Message, "554 5.7.1 this looks like spam\r\n"), AttemptOutcomes.TryAgain, "554 5.7.1 this looks like spam" },
        { new(SmtpStage.Message, "421 4.3.2 going down\r\n", SmtpThen.Drops), AttemptOutcomes.TryAgain, "421 4.3.2 going down" },
        { new(SmtpStage.Message, "", SmtpThen.Drops), AttemptOutcomes.Unclear, "" },
        { new(SmtpStage.Message, "", SmtpThen.Drops, TakesMail: true), AttemptOutcomes.Unclear, "" },
        { new(SmtpStage.Message, "", SmtpThen.Stalls, TakesMail: true), AttemptOutcomes.Unclear, "did not answer in time" },
        { new(SmtpStage.Message, "25", SmtpThen.Drops, TakesMail: true), AttemptOutcomes.Unclear, "" },
        { new(SmtpStage.Message, "\0\u0001\u00ff nonsense\r\n", SmtpThen.Drops), AttemptOutcomes.Unclear, Nonsense("nonsense") },
    };

    // MailKit says only that it could not read the answer; our own client quotes it.
    private static string Nonsense(string quoted) => JobServices.Stack == "Full" ? "Unable to parse" : quoted;

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Server_that_fails_once_gets_the_same_bytes_again_and_the_attempt_is_on_record(SmtpFault fault, string outcome, string words)
    {
        await AddAsync(Mails);
        _server.Fail(fault);

        await DeliverAllAsync();

        var attempts = await AttemptsAsync();
        Assert.Equal(Mails + (outcome == AttemptOutcomes.Refused ? 0 : 1), attempts.Count);
        var failed = Assert.Single(attempts, attempt => attempt.Outcome != AttemptOutcomes.Accepted);
        Assert.Equal(outcome, failed.Outcome);
        Assert.Contains(words, failed.Words, StringComparison.Ordinal);
        await AssertNothingLostAsync(dead: outcome == AttemptOutcomes.Refused ? 1 : 0);
        Assert.Equal(Mails + (fault.TakesMail ? 1 : 0) - (outcome == AttemptOutcomes.Refused ? 1 : 0), _server.Taken.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("421 4.7.0 ten mails are enough")]
    public async Task Server_that_closes_on_the_tenth_mail_costs_no_attempt(string parting)
    {
        await RestartAsync(new TestSmtpServer { MailsPerConnection = 9, Parting = parting });
        await AddAsync(25);

        await DeliverAllAsync();

        Assert.All(await AttemptsAsync(), attempt => Assert.Equal(AttemptOutcomes.Accepted, attempt.Outcome));
        await AssertNothingLostAsync();
        Assert.Equal((25, 3), (_server.Taken.Count, _server.Connections));
    }

    [Fact]
    public async Task Server_that_does_wrong_at_random_gets_every_mail_in_the_end()
    {
        await AddAsync(60);
        var faults = Faults.Select(row => row.Data.Item1).Where(fault => fault.Then != SmtpThen.Stalls && !fault.Says.StartsWith("550 5.1.1", StringComparison.Ordinal));
        var random = new Random(20270111);
        _server.Fail([.. faults.Concat(faults).OrderBy(_ => random.Next())]);

        await DeliverAllAsync();

        await AssertNothingLostAsync();
        Assert.True((await AttemptsAsync()).Count > 80, "Hardly anything went wrong.");
    }

    [Fact]
    public async Task Server_that_never_works_gets_eight_attempts_and_then_the_mail_is_dead_with_its_words()
    {
        await AddAsync(1);
        _server.Fail([.. Enumerable.Range(1, 8).Select(number => new SmtpFault(SmtpStage.Recipient, $"450 4.2.0 no {number}\r\n"))]);

        await DeliverAllAsync();

        Assert.Equal(Enumerable.Range(1, 8).Select(number => $"450 4.2.0 no {number}"), (await AttemptsAsync()).Select(attempt => attempt.Words));
        Assert.Equal("450 4.2.0 no 8", await Data.ScalarAsync<string>("select last_error from outbox where status = 'dead'"));
        Assert.Empty(_server.Taken);
    }

    private async ValueTask StartAsync(TestSmtpServer server)
    {
        _server = server;
        _case = await MailCase.CreateAsync(server, ("Mail:TimeoutSeconds", "1"));
    }

    private async Task RestartAsync(TestSmtpServer server)
    {
        await DisposeAsync();
        await StartAsync(server);
    }

    // Past every retry time: two days in steps in which a mail may become due.
    private async Task DeliverAllAsync()
    {
        await _case.DeliverAsync();
        for (var attempt = 1; RetryTimes.AfterAttempt(attempt) is { } wait; attempt++)
        {
            _case.Database.Clock.Advance(wait);
            await _case.DeliverAsync();
        }
    }

    private async Task AssertNothingLostAsync(int dead = 0)
    {
        var rows = await Data.QueryAsync<(string Email, string Status, byte[] Message)>("select recipient_email, status, message from outbox");
        Assert.Equal(dead, rows.Count(row => row.Status == "dead"));
        Assert.All(rows, row => Assert.Contains(row.Status, new[] { "sent", "dead" }));
        foreach (var row in rows)
        {
            var taken = _server.Taken.Where(mail => mail.EnvelopeTo == row.Email).ToList();
            Assert.Equal(row.Status == "sent", taken.Count > 0);
            Assert.All(taken, mail => Assert.Equal(Encoding.Latin1.GetString(row.Message), mail.Message));
        }

        Assert.Equal(0, await Data.ScalarAsync<long>("select count(*) from outbox where leased_by is not null"));
        Assert.Equal(0, await Data.ScalarAsync<long>("select count(*) from outbox_attempts where ended_at is null or words is null"));
    }

    private Task<IReadOnlyList<Attempt>> AttemptsAsync() =>
        Data.QueryAsync<Attempt>("select outcome, words from outbox_attempts order by attempt_id");

    private async Task AddAsync(int count)
    {
        var run = await Data.AddRunAsync(await Data.AddCourseAsync());
        await Data.ExecuteAsync(
            """
            insert into outbox (key, kind, queue, run_id, recipient_email, created_at, due_at)
            select 'sign_up.already/' || number, 'sign_up.already', 'q' || number, @run, 'p' || number || '@example.org', @now, @now
            from generate_series(1, @count) as number
            """,
            new { run, count, now = _case.Database.Clock.GetUtcNow() });
    }

    private sealed record Attempt
    {
        public required string Outcome { get; init; }

        public required string Words { get; init; }
    }
}
