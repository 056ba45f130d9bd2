using Booking.Data.Allotments;
using Booking.Data.Attendance;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Catalogue;
using Booking.Data.Database;
using Booking.Data.Desk;
using Booking.Data.Digests;
using Booking.Data.Feeds;
using Booking.Data.FillRates;
using Booking.Data.FollowUps;
using Booking.Data.Inbox;
using Booking.Data.Invariants;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Data.People;
using Booking.Data.Plans;
using Booking.Data.Reminders;
using Booking.Data.Runs;
using Booking.Data.Schedules;
using Booking.Data.Swaps;
using Booking.Data.WaitingLists;
using Microsoft.Extensions.DependencyInjection;

namespace Booking.Data;

/// <summary>Registers the core: one line per class, all of them singletons.</summary>
public static class DataServices
{
    /// <summary>Adds everything of Booking.Data. The data source (see <see cref="BookingDatabase"/>) and the clock are the caller's.</summary>
    public static IServiceCollection AddBookingData(this IServiceCollection services)
    {
        services.AddOptions();
        services.AddSingleton<Migrator>();
        services.AddSingleton<AuditRepository>();
        services.AddSingleton<AuditListRepository>();
        services.AddSingleton<CheckInvariants>();
        services.AddSingleton<FillRateRepository>();
        services.AddSingleton<CookieKeyRepository>();
        services.AddSingleton<SignInRepository>();
        services.AddSingleton<CatalogueRepository>();
        services.AddSingleton<CourseRepository>();

        services.AddSingleton<OutboxRepository>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutboxDelivery>();
        services.AddSingleton<OutboxListRepository>();
        services.AddSingleton<MailPace>();
        services.AddSingleton<RetryMail>();
        services.AddSingleton<DiscardMail>();
        services.AddSingleton<PauseMail>();
        services.AddSingleton<ForgetSentMail>();
        services.AddSingleton<MailFactsRepository>();
        services.AddSingleton<InboxRepository>();
        services.AddSingleton<TakeInboxMail>();
        services.AddSingleton<ForgetInbox>();
        services.AddSingleton<DigestRepository>();
        services.AddSingleton<SendDigest>();
        services.AddSingleton<ReminderRepository>();
        services.AddSingleton<SendReminders>();
        services.AddSingleton<FollowUpRepository>();
        services.AddSingleton<FollowUpFormRepository>();
        services.AddSingleton<FollowUpMailRepository>();
        services.AddSingleton<SendFollowUps>();
        services.AddSingleton<SaveFollowUp>();
        services.AddSingleton<ChangeFollowUpMail>();
        services.AddSingleton<FollowUpFiguresRepository>();
        services.AddSingleton<ScheduleRunRepository>();
        services.AddSingleton<RecordScheduleRun>();
        services.AddSingleton<LogScheduleStart>();

        services.AddSingleton<BookingListRepository>();
        services.AddSingleton<BookingRepository>();
        services.AddSingleton<DecisionLog>();
        services.AddSingleton<InvitationRepository>();
        services.AddSingleton<PersonRepository>();
        services.AddSingleton<RunRepository>();
        services.AddSingleton<SeatRepository>();
        services.AddSingleton<SignUpRepository>();
        services.AddSingleton<ApprovalRepository>();
        services.AddSingleton<OverlapRepository>();
        services.AddSingleton<AskLeader>();
        services.AddSingleton<PlacePerson>();
        services.AddSingleton<DecideApproval>();
        services.AddSingleton<EndBooking>();
        services.AddSingleton<CancelBooking>();
        services.AddSingleton<SubstitutePerson>();
        services.AddSingleton<MoveTargetRepository>();
        services.AddSingleton<MoveBooking>();
        services.AddSingleton<ConfirmSignUp>();
        services.AddSingleton<ExpireSignUps>();
        services.AddSingleton<ReserveLines>();
        services.AddSingleton<ReserveSeats>();
        services.AddSingleton<SendLinkAgain>();
        services.AddSingleton<SignUp>();

        services.AddSingleton<SwapRepository>();
        services.AddSingleton<SwapSeatRepository>();
        services.AddSingleton<SwapLog>();
        services.AddSingleton<ProposeSwap>();
        services.AddSingleton<AnswerSwap>();
        services.AddSingleton<ExpireSwaps>();

        services.AddSingleton<WaitingListRepository>();
        services.AddSingleton<WaitingPlaceRepository>();
        services.AddSingleton<WaitingExplanationRepository>();
        services.AddSingleton<ServeWaitingList>();
        services.AddSingleton<JoinWaitingList>();
        services.AddSingleton<JoinLines>();
        services.AddSingleton<ConfirmPlace>();
        services.AddSingleton<ChangeWaitingListRule>();
        services.AddSingleton<AnswerOffer>();
        services.AddSingleton<SweepWaitingLists>();

        services.AddSingleton<HeldSeatRepository>();
        services.AddSingleton<HoldSeats>();
        services.AddSingleton<NameHeldSeats>();
        services.AddSingleton<ExpireHeldSeats>();
        services.AddSingleton<SeatTransferRepository>();
        services.AddSingleton<HandBackSeats>();
        services.AddSingleton<ReleaseWarningRepository>();
        services.AddSingleton<WarnOfRelease>();

        services.AddSingleton<DeskRepository>();
        services.AddSingleton<DeskCalendarRepository>();
        services.AddSingleton<SeatHistoryRepository>();
        services.AddSingleton<DepartmentMailRepository>();
        services.AddSingleton<FeedLinkRepository>();
        services.AddSingleton<MakeFeedLink>();
        services.AddSingleton<RevokeFeedLink>();
        services.AddSingleton<FeedSessionRepository>();

        services.AddSingleton<AllotmentRepository>();
        services.AddSingleton<RunPublishingRepository>();
        services.AddSingleton<SeatAccountRepository>();
        services.AddSingleton<AddSeats>();
        services.AddSingleton<GiveOpenSeats>();
        services.AddSingleton<RemoveSeats>();
        services.AddSingleton<SeatRemovalRepository>();
        services.AddSingleton<PublishRuns>();
        services.AddSingleton<ReleaseSeats>();

        services.AddSingleton<AttendanceRepository>();
        services.AddSingleton<AttendanceMarkRepository>();
        services.AddSingleton<AttendanceQuestionRepository>();
        services.AddSingleton<MarkAttendance>();
        services.AddSingleton<FollowSessions>();
        services.AddSingleton<AskForAttendance>();
        services.AddSingleton<SettleAttendance>();

        services.AddSingleton<HrRunRepository>();
        services.AddSingleton<RunCancellationRepository>();
        services.AddSingleton<LockPatience>();
        services.AddSingleton<ChangeCapacity>();
        services.AddSingleton<TellOfCancelledRun>();
        services.AddSingleton<CancelRun>();
        services.AddSingleton<RunMoveRepository>();
        services.AddSingleton<PostponeRun>();
        services.AddSingleton<MinimumRepository>();
        services.AddSingleton<WarnOfMinimum>();
        services.AddSingleton<KeepRun>();
        services.AddSingleton<AskForApproval>();
        services.AddSingleton<HrBookingRepository>();
        services.AddSingleton<RunMailRepository>();

        services.AddSingleton<PlanCourseRepository>();
        services.AddSingleton<PlanDepartmentRepository>();
        services.AddSingleton<PlanPeopleRepository>();
        services.AddSingleton<PlanRunRepository>();
        services.AddSingleton<PlanSessionRepository>();
        services.AddSingleton<ImportedRunRepository>();
        services.AddSingleton<SendLackingInvitations>();
        services.AddSingleton<DepartmentImport>();
        services.AddSingleton<CourseImport>();
        services.AddSingleton<EmployeeImport>();
        services.AddSingleton<DraftRunImport>();
        services.AddSingleton<PublishedRunImport>();
        services.AddSingleton<RunImport>();
        services.AddSingleton<PlanSteps>();
        services.AddSingleton<ImportPlan>();
        services.AddSingleton<ImportDemonstrationPlan>();
        return services;
    }
}
