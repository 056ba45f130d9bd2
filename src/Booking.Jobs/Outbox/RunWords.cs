using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Data.Site;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Outbox;

/// <summary>Begins the words of a mail with its run's.</summary>
public sealed class RunWords(MailFactsRepository facts, IOptions<SiteOptions> site)
{
    /// <summary>Reads the run that a message names.</summary>
    /// <exception cref="InvalidOperationException">It names none.</exception>
    internal async Task<MailWords> ReadAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var run = await facts.GetRunAsync(
            message.RunId ?? throw new InvalidOperationException("The outbox row names no run."), cancellationToken);
        return new MailWords(run, message.Language, site.Value.Name).WithRun();
    }
}
