using System.Globalization;
using Booking.Data.Digests;
using Booking.Data.FillRates;
using Booking.Data.Outbox;
using Booking.Data.Site;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Digests;

/// <summary>Renders HR's weekly letter: what needs a decision, what will not fill, what is released soon, and last week in figures.</summary>
public sealed class DigestRenderer(
    DigestRepository digests, FillRateRepository fillRates, MailWriter writer, SiteAddress address, IOptions<SiteOptions> site, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } = [OutboxKinds.HrDigest];

    // From how many days before the start a run below its minimum is told of; the fill rates begin with the same.
    private const int EndangeredDays = 28;

    // A letter that lists more is not read to its end; the page has them all.
    private const int MostRuns = 12;

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var week = DigestWeek.Of(now, site.Value.TimeZone);
        var figures = await digests.GetWeekAsync(week.PreviousFrom, week.PreviousTo, cancellationToken);
        var runs = await ListUpcomingAsync(now, cancellationToken);
        var values = new DigestValues(message.Language, address)
            .With("site", site.Value.Name)
            .With("week", MailWords.Number(ISOWeek.GetWeekOfYear(week.Monday.ToDateTime(TimeOnly.MinValue))))
            .With("fill_rates_link", address.Of("/hr/fill-rates"))
            .With("booked", MailWords.Number(figures.Booked))
            .With("cancelled", MailWords.Number(figures.Cancelled))
            .With("cancelled_late", MailWords.Number(figures.CancelledLate))
            .With("waiting", MailWords.Number(figures.Waiting))
            .With("dead_mails", figures.DeadMails == 0 ? "" : MailWords.Number(figures.DeadMails))
            .WithRuns("undecided", [.. runs.Where(run => run.AwaitsDecision)], MostRuns)
            .WithRuns("endangered", [.. runs.Where(run => run.WillNotFill(EndangeredDays) && !run.AwaitsDecision && !run.IsMinimumDecided)], MostRuns)
            .WithRuns("released", [.. runs.Where(run => run.Attention(EndangeredDays) == Attention.ReleaseIsNear)], MostRuns);
        return new RenderedMessage { Bytes = writer.Write(message, message.RecipientName, values.Values) };
    }

    private async Task<IReadOnlyList<FillRateRow>> ListUpcomingAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<FillRateRow> rows = [];
        foreach (var year in (await fillRates.ListYearsAsync(now, cancellationToken)).Where(year => year.Upcoming > 0))
        {
            rows.AddRange(await fillRates.ListAsync(new FillRateFilter { PlanYear = year.Year, IsUpcoming = true }, now, cancellationToken));
        }

        return [.. rows.OrderBy(row => row.StartsAt).ThenBy(row => row.RunCode, StringComparer.Ordinal)];
    }
}
