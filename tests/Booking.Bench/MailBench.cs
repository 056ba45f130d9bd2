using System.Diagnostics;
using System.Globalization;
using Booking.Data;
using Booking.Data.Database;
using Booking.Data.Site;
using Booking.Jobs;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Booking.Bench;

/// <summary>
/// Mails per second from the outbox into a sink on this machine, against a bare loop of the same transport that sends the same
/// bytes over one connection. All mails are rendered before: what is compared is claiming, sending and recording.
/// </summary>
internal sealed class MailBench(Ground ground, int rounds, int mails) : IDisposable
{
    private readonly MailSink _sink = new();
    private IReadOnlyList<(string To, byte[] Message)> _mails = [];

    public void Dispose() => _sink.Dispose();

    public async Task RunAsync()
    {
        await ArrangeAsync(mails);
        Console.WriteLine($"Mail: {mails} invitations of {_mails[0].Message.Length} bytes");
        Console.WriteLine("| workers | ratio | mails/s | bare | processor ms a mail (PostgreSQL) | bare |");
        // Both sides once for nothing, so that neither is measured while it is being compiled.
        await BareAsync();
        await WorkAsync(4, mails);
        foreach (var workers in new[] { 1, 2, 4 })
        {
            var measured = new List<(double Ratio, string Line)>();
            for (var round = 0; round < rounds; round++)
            {
                var bare = await MeasureAsync(BareAsync);
                await ResetAsync();
                var product = await MeasureAsync(() => WorkAsync(workers, mails));
                measured.Add((product.Rate / bare.Rate, string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {workers} | {product.Rate / bare.Rate:0.00} | {product.Rate:0} | {bare.Rate:0} | {product.Cpu:0.00} ({product.Database:0.00}) | {bare.Cpu:0.00} |")));
            }

            Console.WriteLine(measured.OrderBy(one => one.Ratio).ElementAt(rounds / 2).Line);
        }
    }

    /// <summary>Many mails with four workers, and what memory this process has after each tenth.</summary>
    public async Task GrowAsync(int many)
    {
        await ArrangeAsync(many);
        _mails = [];
        Console.WriteLine($"Memory over {many} mails with four workers (this process: workers and sink)");
        Console.WriteLine("| mails | managed MB | resident MB |");
        List<(double Managed, double Resident)> steps = [];
        var from = _sink.Taken;
        var working = WorkAsync(4, many);
        for (var step = 1; step <= 10; step++)
        {
            while (_sink.Taken - from < (long)many * step / 10 && !working.IsCompleted)
            {
                await Task.Delay(20);
            }

            using var process = Process.GetCurrentProcess();
            steps.Add((GC.GetTotalMemory(forceFullCollection: true) / 1e6, process.WorkingSet64 / 1e6));
            Console.WriteLine($"| {_sink.Taken - from} | {steps[^1].Managed:0.0} | {steps[^1].Resident:0} |");
        }

        await working;
        Console.WriteLine($"last / first: managed {steps[^1].Managed / steps[0].Managed:0.00}, resident {steps[^1].Resident / steps[0].Resident:0.00}");
    }

    private async Task BareAsync()
    {
        await using var services = Services(1);
        var transport = services.GetRequiredService<IMailTransport>();
        foreach (var (to, message) in _mails)
        {
            var receipt = await transport.SendAsync(
                new OutgoingMail { OutboxId = 0, EnvelopeFrom = "kurser@region.example", EnvelopeTo = to, Message = message }, CancellationToken.None);
            if (receipt.Outcome != MailOutcome.Accepted)
            {
                throw new InvalidOperationException(receipt.Words);
            }
        }

        await transport.CloseAsync(CancellationToken.None);
    }

    private async Task WorkAsync(int workers, int count)
    {
        await using var services = Services(workers);
        using var work = ActivatorUtilities.CreateInstance<OutboxWorkers>(services);
        var from = _sink.Taken;
        await work.StartAsync(CancellationToken.None);
        while (_sink.Taken - from < count)
        {
            await Task.Delay(5);
        }

        await work.StopAsync(CancellationToken.None);
        if (await ground.ScalarAsync("select count(*) from outbox where status <> 'sent'") is var left and > 0)
        {
            throw new InvalidOperationException($"{left} mails are not recorded as sent.");
        }
    }

    private async Task<(double Rate, double Cpu, double Database)> MeasureAsync(Func<Task> work)
    {
        var (cpu, database) = (Ground.CpuTime(), Ground.CpuTime(onlyDatabase: true));
        var watch = Stopwatch.StartNew();
        await work();
        var seconds = watch.Elapsed.TotalSeconds;
        return (
            _mails.Count / seconds,
            (Ground.CpuTime() - cpu).TotalMilliseconds / _mails.Count,
            (Ground.CpuTime(onlyDatabase: true) - database).TotalMilliseconds / _mails.Count);
    }

    private ServiceProvider Services(int workers)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Site:BaseUrl"] = "https://kurser.example.org",
            ["Mail:From"] = "kurser@region.example",
            ["Mail:Host"] = "127.0.0.1",
            ["Mail:Port"] = $"{_sink.Port}",
            ["Mail:Tls"] = "None",
            ["Mail:Workers"] = $"{workers}",
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<NpgsqlDataSource>(_ => BookingDatabase.CreateDataSource(ground.ConnectionString));
        services.AddSingleton<System.Data.Common.DbDataSource>(provider => provider.GetRequiredService<NpgsqlDataSource>());
        services.AddOptions<SiteOptions>().Bind(configuration.GetSection("Site"));
        services.AddBookingData();
        services.AddBookingJobs(configuration);
        services.AddSingleton<WorkerHeartbeat>();
        services.AddTransient<OutboxWorker>();
        return services.BuildServiceProvider();
    }

    // As a worker leaves a mail whose first attempt failed: rendered, due, and nobody's.
    private async Task ResetAsync()
    {
        await ground.ExecuteAsync(
            "update outbox set status = 'pending', sent_at = null, attempts = 0, leased_by = null, leased_until = null; truncate outbox_attempts");
        await ground.ExecuteAsync("vacuum full outbox");
        await ground.ExecuteAsync("update invitations set sent_sequence = null; analyze outbox, invitations");
        await ground.ExecuteAsync("checkpoint");
    }

    private async Task ArrangeAsync(int count)
    {
        await ground.ExecuteAsync("truncate departments, people, courses, runs, sessions, seats, bookings, invitations, outbox, outbox_attempts cascade");
        await ground.ExecuteAsync(Rows, new { count });
        await using var connection = await ground.Database.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<(long Id, string Key, string To)>("select outbox_id, key, recipient_email from outbox order by outbox_id")).ToList();
        _mails = [.. rows.Select(row => (row.To, Compose(row.Key, row.To)))];
        for (var from = 0; from < rows.Count; from += 5000)
        {
            var part = rows.Skip(from).Take(5000).ToList();
            await ground.ExecuteAsync(
                "update outbox set message = given.message from unnest(@ids, @messages) as given (id, message) where outbox_id = given.id",
                new { ids = part.Select(row => row.Id).ToArray(), messages = _mails.Skip(from).Take(5000).Select(mail => mail.Message).ToArray() });
        }

        await ResetAsync();
    }

    private static byte[] Compose(string key, string to) => MimeComposer.Compose(new MailDraft
    {
        Key = key,
        From = new Mailbox("kurser@region.example", "Kursusportalen"),
        To = new Mailbox(to, "Anna Ørsted"),
        Date = DateTimeOffset.UnixEpoch,
        Language = "da",
        Subject = "Din plads på Ro & nærvær",
        Text = string.Concat(Enumerable.Repeat($"Kære Anna, her er det vigtigste om kurset. {key}\n", 20)),
        Html = string.Concat(Enumerable.Repeat($"<p>Kære <b>Anna</b>, her er det vigtigste om kurset. {key}</p>\n", 40)),
    });

    private const string Rows =
        """
        insert into departments (code, name, postal_code, town, latitude, longitude) values ('BM', 'Bench', '9000', 'Aalborg', 57, 9.9);
        insert into people (kind, employee_number, name, email, department_id, position)
        select 'employee', 'bm' || n, 'Anna ' || n, 'p' || n || '@example.org', department_id, 'Læge' from departments, generate_series(1, @count) as n;
        insert into courses (code, title, focus_area, competence_kind, form, is_cross_sector, sectors, summary)
        values ('BM', 'Ro & nærvær', 'care', 'professional', 'onsite', false, '{}', 'Resumé');
        insert into runs (code, course_id, plan_year, status, starts_at, ends_at, venue_name, venue_address, postal_code, town, latitude, longitude,
            capacity, sign_up_opens_at, sign_up_closes_at, release_at, cancellation_deadline_at, instructor_email, published_at)
        select 'BM', course_id, 2027, 'published', now() + interval '60 days', now() + interval '60 days 7 hours', 'Hus', 'Vej 1', '9000', 'Aalborg', 57, 9.9,
            @count, now(), now() + interval '57 days', now() + interval '30 days', now() + interval '40 days', 'u@example.org', now() from courses;
        insert into sessions (run_id, number, starts_at, ends_at) select run_id, 1, starts_at, ends_at from runs;
        insert into seats (run_id, number, pool) select run_id, n, 'open' from runs, generate_series(1, @count) as n;
        insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
        select run_id, row_number() over (), person_id, department_id, 'open', 'booked', 'secretary', 's@example.org', now() from runs, people;
        insert into invitations (booking_id, session_id) select booking_id, session_id from bookings join sessions using (run_id);
        insert into outbox (key, kind, queue, run_id, booking_id, session_id, recipient_email, created_at, due_at)
        select 'booking.invitation/' || booking_id || '/' || session_id || '/0', 'booking.invitation', 'b' || booking_id || '/s' || session_id,
            run_id, booking_id, session_id, email, now(), now()
        from invitations join bookings using (booking_id) join people using (person_id)
        """;
}
