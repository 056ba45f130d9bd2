using Booking.Jobs.Attendance;
using Booking.Jobs.Bookings;
using Booking.Jobs.Desk;
using Booking.Jobs.Digests;
using Booking.Jobs.Feeds;
using Booking.Jobs.FollowUps;
using Booking.Jobs.Inbox;
using Booking.Jobs.Invitations;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;
using Booking.Jobs.Reminders;
using Booking.Jobs.Schedules;
using Booking.Jobs.Swaps;
using Booking.Jobs.WaitingLists;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
#if STACK_FULL
using Booking.Jobs.Inbox.Full;
using Booking.Jobs.Invitations.Full;
using Booking.Jobs.Mail.Full;
using Booking.Jobs.Schedules.Full;
#else
using Booking.Jobs.Invitations.Lean;
using Booking.Jobs.Mail.Lean;
using Booking.Jobs.Schedules.Lean;
#endif

namespace Booking.Jobs;

/// <summary>Registers mail, calendar and schedules. The only place that knows both stacks.</summary>
public static class JobServices
{
    /// <summary>Which stack this build is: <c>Lean</c> or <c>Full</c>.</summary>
#if STACK_FULL
    public static string Stack => "Full";
#else
    public static string Stack => "Lean";
#endif

    /// <summary>What both roles need: options, rendering, transport, and to ask for schedules. SiteOptions are the caller's.</summary>
    public static IServiceCollection AddBookingJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();
        services.AddOptions<MailOptions>().Bind(configuration.GetSection("Mail")).ValidateOnStart();

        services.AddSingleton<MailFolder>();
        services.AddSingleton<SiteAddress>();
        services.AddSingleton<MailWriter>();
        services.AddSingleton<RunWords>();
        services.AddMailRenderers();
        services.AddSingleton<MailRenderer>();
        services.AddSingleton<DepartmentFeed>();
        services.AddSingleton<PersonFeed>();
        services.AddSingleton<RunCalendar>();
        services.AddSingleton<FeedWriter>();
        services.AddSingleton<ReadInbox>();
        services.AddSingleton<InvitationRenderer>();
        services.AddSingleton<PrepareMessage>();
        services.AddSingleton<DeliverMessages>();
        services.AddSingleton(new ScheduleCatalogue(AllSchedules.List));
        services.AddSingleton<ScheduleRunner>();
#if STACK_FULL
        services.AddSingleton<IMailInbox, ImapInbox>();
        services.AddSingleton<ICalendarWriter, IcalNetCalendarWriter>();
        services.AddTransient<MailKitTransport>();
        services.AddTransient<IMailTransport>(provider =>
            HasServer(provider) ? provider.GetRequiredService<MailKitTransport>() : provider.GetRequiredService<FileMailTransport>());
#else
        services.AddSingleton<IMailInbox, NoInbox>();
        services.AddSingleton<ICalendarWriter, LeanCalendarWriter>();
        services.AddTransient<SmtpMailTransport>();
        services.AddTransient<IMailTransport>(provider =>
            HasServer(provider) ? provider.GetRequiredService<SmtpMailTransport>() : provider.GetRequiredService<FileMailTransport>());
#endif
        services.AddSingleton<FileMailTransport>();
        services.AddScheduleEngine();
        return services;
    }

    private static void AddMailRenderers(this IServiceCollection services)
    {
        services.AddSingleton<IMailRenderer, BookingMailRenderer>();
        services.AddSingleton<IMailRenderer, SignUpMailRenderer>();
        services.AddSingleton<IMailRenderer, RunMailRenderer>();
        services.AddSingleton<IMailRenderer, WaitingListMailRenderer>();
        services.AddSingleton<IMailRenderer, ApprovalMailRenderer>();
        services.AddSingleton<IMailRenderer, DepartmentMailRenderer>();
        services.AddSingleton<IMailRenderer, ReplacedReceiptRenderer>();
        services.AddSingleton<IMailRenderer, ReminderRenderer>();
        services.AddSingleton<IMailRenderer, DigestRenderer>();
        services.AddSingleton<IMailRenderer, FollowUpRenderer>();
        services.AddSingleton<IMailRenderer, InboxMailRenderer>();
        services.AddSingleton<IMailRenderer, AttendanceMailRenderer>();
        services.AddSingleton<IMailRenderer, SwapMailRenderer>();
    }

    /// <summary>What only a process in the role <c>worker</c> or <c>all</c> runs: the outbox worker and the schedules.</summary>
    public static IServiceCollection AddBookingWorker(this IServiceCollection services)
    {
        services.AddSingleton<WorkerHeartbeat>();
        services.AddHostedService<OutboxListener>();
        services.AddTransient<OutboxWorker>();
        services.AddHostedService<OutboxWorkers>();
        services.AddScheduleServer();
        services.AddHostedService<RegisterSchedules>();
        return services;
    }

    private static bool HasServer(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<MailOptions>>().Value.Host.Length > 0;
}
