using System.Globalization;
using Booking.Data.Audit;
using Booking.Data.Outbox;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>What became of an external sign-up.</summary>
public enum SignUpOutcome
{
    /// <summary>A mail is on its way. The same answer whether or not the address is known.</summary>
    MailSent,

    /// <summary>No seat is left for external people, and the request did not ask to wait. If the address has a sign-up waiting, its link is sent again all the same.</summary>
    RunFull,

    /// <summary>The run is not open for sign-up; the result says why.</summary>
    SignUpClosed,

    /// <summary>The course is not for people from this sector.</summary>
    SectorNotInvited,

    /// <summary>The course costs money and no valid EAN number was given.</summary>
    EanMissing,
}

/// <summary>What an external person typed, already checked for form.</summary>
public sealed record SignUpRequest
{
    /// <summary>Made with the form, so that a form sent twice is one sign-up.</summary>
    public required Guid Reference { get; init; }

    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>Full name.</summary>
    public required string Name { get; init; }

    /// <summary>E-mail address; the confirmation goes there.</summary>
    public required string Email { get; init; }

    /// <summary>Where the person works.</summary>
    public required string Workplace { get; init; }

    /// <summary>One of the sectors of the course.</summary>
    public required string Sector { get; init; }

    /// <summary>13 digits, when the course costs money.</summary>
    public string? Ean { get; init; }

    /// <summary>Whether the person wants to wait when no seat is left.</summary>
    public bool AcceptsWaiting { get; init; }

    /// <summary>Language of the mails: <c>da</c> or <c>en</c>.</summary>
    public required string Language { get; init; }
}

/// <summary>The outcome, and why sign-up is closed when it is.</summary>
public sealed record SignUpResult(SignUpOutcome Outcome, SignUpState State = SignUpState.Open);

/// <summary>
/// Holds a seat for an external person for 30 minutes and mails a link that confirms it. A known address gets another
/// mail and no second seat; the page cannot tell the two apart, because a seat is looked for in both cases.
/// </summary>
public sealed class SignUp(
    NpgsqlDataSource dataSource, BookingRepository bookings, SeatRepository seats, SignUpRepository signUps,
    ExpireSignUps expiry, SendLinkAgain links, ServeWaitingList serve, DecisionLog log)
{
    private static readonly Actor External = new() { Name = "external", Role = ActorRoles.External };

    /// <summary>Holds the seat and queues the mail, in one transaction.</summary>
    public async Task<SignUpResult> RunAsync(SignUpRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await DecideAsync(transaction, request, cancellationToken);
        if (result.Outcome is SignUpOutcome.MailSent or SignUpOutcome.RunFull)
        {
            await transaction.CommitAsync(cancellationToken);
            log.Committed();
        }

        return result;
    }

    private async Task<SignUpResult> DecideAsync(NpgsqlTransaction transaction, SignUpRequest request, CancellationToken cancellationToken)
    {
        var times = await bookings.FindRunAsync(transaction, request.RunId, cancellationToken);
        var state = times is null ? SignUpState.NotPublished : BookingRules.SignUp(times, log.Now);
        if (state is not SignUpState.Open)
        {
            return new SignUpResult(SignUpOutcome.SignUpClosed, state);
        }

        var run = (await signUps.FindRunAsync(transaction, request.RunId, cancellationToken))!;
        if (!run.IsCrossSector || !run.Sectors.Contains(request.Sector, StringComparer.Ordinal))
        {
            return new SignUpResult(SignUpOutcome.SectorNotInvited);
        }

        var ean = Ean.Parse(request.Ean);
        if (run.ExternalPrice > 0 && ean is null)
        {
            return new SignUpResult(SignUpOutcome.EanMissing);
        }

        if (await signUps.ExistsAsync(transaction, request, cancellationToken))
        {
            return new SignUpResult(SignUpOutcome.MailSent);
        }

        await expiry.ExpireAddressAsync(transaction, request.RunId, request.Email, cancellationToken);
        // First a seat, then who asks: "full" must mean the same for a known and an unknown address.
        var seat = await seats.ClaimOneAsync(transaction, request.RunId, SeatPool.External, cancellationToken);
        if (seat is not null)
        {
            return await HoldOrExplainAsync(transaction, request, seat.Value, run.ExternalPrice, ean, cancellationToken);
        }

        if (request.AcceptsWaiting)
        {
            return await AskForPlaceAsync(transaction, request, ean, times!.SignUpClosesAt, cancellationToken);
        }

        // The last seat may be this address's own. Its link leaves by mail only; the page says the same to everybody.
        await links.SendAsync(transaction, new LinkRequest(request.RunId, request.Email), "sign_up.full", cancellationToken);
        return new SignUpResult(SignUpOutcome.RunFull);
    }

    private async Task<SignUpResult> HoldOrExplainAsync(
        NpgsqlTransaction transaction, SignUpRequest request, int seat, decimal? price, string? ean, CancellationToken cancellationToken)
    {
        var needsNoSeat = await signUps.IsKnownAsync(transaction, request.RunId, request.Email, cancellationToken);
        var expiresAt = log.Now + BookingRules.SignUpHold;
        var row = await signUps.InsertAsync(transaction, NewRow(request, ean, needsNoSeat, expiresAt), cancellationToken);
        if (row is not null)
        {
            await HoldAsync(transaction, row, seat, price, ean, cancellationToken);
            await TellAsync(transaction, row, needsNoSeat, cancellationToken);
            return new SignUpResult(SignUpOutcome.MailSent);
        }

        // The same address asked before. A wish to wait that is not confirmed yet is one for this seat now; a held seat stays the
        // only one, so that nobody who lost the mail holds several.
        if (await signUps.TakeSeatAsync(transaction, request, expiresAt, cancellationToken) is { } wish)
        {
            await HoldAsync(transaction, wish, seat, price, ean, cancellationToken);
        }
        else
        {
            await GiveBackAsync(transaction, request.RunId, seat, cancellationToken);
        }

        await links.SendAsync(transaction, new LinkRequest(request.RunId, request.Email), SendLinkAgain.Asked, cancellationToken);
        return new SignUpResult(SignUpOutcome.MailSent);
    }

    // Held also for an address that needs no seat: it goes back after the same 30 minutes, and the seats left tell nothing.
    private async Task HoldAsync(
        NpgsqlTransaction transaction, SignUpRow row, int seat, decimal? price, string? ean, CancellationToken cancellationToken)
    {
        var booking = await bookings.InsertHoldAsync(
            transaction, new NewHold(row.RunId, seat, row.ExpiresAt, log.Now, price, ean), cancellationToken);
        await signUps.AttachAsync(transaction, row.SignUpId, booking, cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry { At = log.Now, Actor = External, Action = "sign_up.started", RunId = row.RunId, BookingId = booking }],
            cancellationToken);
    }

    // A place on the list holds no seat, so there is a day to confirm it; otherwise the same as above, and the same answer.
    private async Task<SignUpResult> AskForPlaceAsync(
        NpgsqlTransaction transaction, SignUpRequest request, string? ean, DateTimeOffset closesAt, CancellationToken cancellationToken)
    {
        var tomorrow = log.Now + BookingRules.WishToWait;
        var needsNoSeat = await signUps.IsKnownAsync(transaction, request.RunId, request.Email, cancellationToken);
        var row = await signUps.InsertAsync(
            transaction,
            NewRow(request, ean, needsNoSeat, tomorrow < closesAt ? tomorrow : closesAt) with { IsForWaitingList = true },
            cancellationToken);
        if (row is null)
        {
            await links.SendAsync(transaction, new LinkRequest(request.RunId, request.Email), SendLinkAgain.Asked, cancellationToken);
            return new SignUpResult(SignUpOutcome.MailSent);
        }

        await TellAsync(transaction, row, needsNoSeat, cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry { At = log.Now, Actor = External, Action = "sign_up.started", RunId = request.RunId }],
            cancellationToken);
        return new SignUpResult(SignUpOutcome.MailSent);
    }

    // The same statements for every address. Whoever has an open offer needs its link, not the news that a seat is held.
    private async Task TellAsync(NpgsqlTransaction transaction, SignUpRow row, bool needsNoSeat, CancellationToken cancellationToken)
    {
        var offer = await signUps.FindOfferAsync(transaction, new LinkRequest(row.RunId, row.Email), log.Now, cancellationToken);
        var message = offer is null
            ? BookingMessages.SignUp(needsNoSeat ? OutboxKinds.SignUpAlready : OutboxKinds.SignUpConfirm, "", row, log.Now)
            : WaitingListMessages.Again(offer, row.SignUpId.ToString(CultureInfo.InvariantCulture), log.Now);
        await log.TellBehindAsync(transaction, [message], cancellationToken);
    }

    // Somebody may have joined the waiting list while the seat was not to be seen.
    private async Task GiveBackAsync(NpgsqlTransaction transaction, long runId, int seat, CancellationToken cancellationToken)
    {
        var run = (await bookings.LockRunAsync(transaction, runId, cancellationToken))!;
        await seats.FreeAsync(transaction, runId, [seat], cancellationToken);
        await serve.RunAsync(transaction, run, [], cancellationToken);
    }

    private NewSignUp NewRow(SignUpRequest request, string? ean, bool needsNoSeat, DateTimeOffset expiresAt) => new(
        request.Reference, request.RunId, request.Name, request.Email, request.Workplace, request.Sector, ean, request.Language,
        needsNoSeat ? "answered" : "pending", log.Now, expiresAt);
}
