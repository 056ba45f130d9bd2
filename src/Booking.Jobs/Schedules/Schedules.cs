using Booking.Data.Allotments;
using Booking.Data.Attendance;
using Booking.Data.Bookings;
using Booking.Data.Digests;
using Booking.Data.FollowUps;
using Booking.Data.Inbox;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Data.Reminders;
using Booking.Data.Runs;
using Booking.Data.Swaps;
using Booking.Data.WaitingLists;
using Booking.Jobs.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace Booking.Jobs.Schedules;

/// <summary>One thing that is done again and again.</summary>
public sealed record Schedule
{
    /// <summary>Its name, also the actor's name in the audit trail.</summary>
    public required string Name { get; init; }

    /// <summary>Five fields: minute, hour, day of month, month, day of week; the last as a name such as <c>MON-FRI</c>.</summary>
    public required string Cron { get; init; }

    /// <summary>The zone that the fields are meant in.</summary>
    public string TimeZone { get; init; } = "Europe/Copenhagen";

    /// <summary>For how long after its moment something is still done that a stop kept from being done; null when it is, however late.</summary>
    public TimeSpan? CatchUpWindow { get; init; }

    /// <summary>What is done. Runs on one node at a time, and again after a crash, so it must bear being repeated.</summary>
    public required Func<IServiceProvider, CancellationToken, Task> RunAsync { get; init; }
}

/// <summary>Every schedule of the product.</summary>
public static class AllSchedules
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Schedule> List { get; } =
    [
        new()
        {
            Name = "expire-sign-ups",
            Cron = "* * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<ExpireSignUps>().RunAsync(stop),
        },
        new()
        {
            Name = "release",
            Cron = "* * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<ReleaseSeats>().RunAsync(stop),
        },
        new()
        {
            Name = "approvals",
            Cron = "* * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<DecideApproval>().ExpireAsync(stop),
        },
        new()
        {
            Name = "minimum",
            Cron = "* * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<WarnOfMinimum>().RunAsync(stop),
        },
        new()
        {
            // Not every minute: a warning may be some minutes late, days before what it warns of.
            Name = "release-warnings",
            Cron = "*/10 * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<WarnOfRelease>().RunAsync(stop),
        },
        new()
        {
            // At eight in the morning by the run's clock; looks often enough that nobody is reminded much later.
            Name = "reminders",
            Cron = "*/5 * * * *",
            CatchUpWindow = SendReminders.CatchUpWindow,
            RunAsync = (services, stop) => services.GetRequiredService<SendReminders>().RunAsync(stop),
        },
        new()
        {
            // On Monday at half past seven; asked for more often, so that a stop at that moment costs only minutes.
            Name = "digest",
            Cron = "*/10 * * * *",
            CatchUpWindow = SendDigest.CatchUpWindow,
            RunAsync = (services, stop) => services.GetRequiredService<SendDigest>().RunAsync(stop),
        },
        new()
        {
            // After a course, at eight in the morning by the run's clock.
            Name = "follow-ups",
            Cron = "*/10 * * * *",
            CatchUpWindow = SendFollowUps.CatchUpWindow,
            RunAsync = (services, stop) => services.GetRequiredService<SendFollowUps>().RunAsync(stop),
        },
        new()
        {
            Name = "inbox",
            Cron = "*/2 * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<ReadInbox>().RunAsync(stop),
        },
        new()
        {
            // At eight in the morning by the run's clock, too. Links go out until the run is over, questions for fourteen days after it;
            // settling is done however late.
            Name = "attendance",
            Cron = "*/5 * * * *",
            RunAsync = async (services, stop) =>
            {
                await services.GetRequiredService<AskForAttendance>().RunAsync(stop);
                await services.GetRequiredService<SettleAttendance>().RunAsync(stop);
            },
        },
        new()
        {
            Name = "held-seats",
            Cron = "* * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<ExpireHeldSeats>().RunAsync(stop),
        },
        new()
        {
            Name = "swaps",
            Cron = "* * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<ExpireSwaps>().RunAsync(stop),
        },
        new()
        {
            Name = "lacking-invitations",
            Cron = "* * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<SendLackingInvitations>().RunAsync(stop),
        },
        new()
        {
            Name = "waiting-lists",
            Cron = "* * * * *",
            RunAsync = (services, stop) => services.GetRequiredService<SweepWaitingLists>().RunAsync(stop),
        },
        new()
        {
            // The net under the signal: mails that are due again, and any whose signal was lost.
            Name = "wake-outbox",
            Cron = "* * * * *",
            RunAsync = (services, _) =>
            {
                services.GetRequiredService<OutboxSignal>().Wake();
                return Task.CompletedTask;
            },
        },
        new()
        {
            Name = "housekeeping",
            Cron = "30 3 * * *",
            RunAsync = async (services, stop) =>
            {
                await services.GetRequiredService<ForgetSentMail>().RunAsync(stop);
                await services.GetRequiredService<ForgetInbox>().RunAsync(stop);
            },
        },
    ];
}
