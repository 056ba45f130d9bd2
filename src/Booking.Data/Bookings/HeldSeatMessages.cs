using System.Globalization;
using System.Text.Json;
using Booking.Data.Outbox;

namespace Booking.Data.Bookings;

/// <summary>The mails about a department's seats without names and unused seats, as outbox rows.</summary>
internal static class HeldSeatMessages
{
    public static OutboxMessage Receipt(long firstBookingId, int seats, long runId, long departmentId, string secretary, DateTimeOffset now) =>
        New(OutboxKinds.HeldReceipt, $"{OutboxKinds.HeldReceipt}/{Text(firstBookingId)}", secretary, runId, now) with
        {
            Payload = JsonSerializer.Serialize(new { department = departmentId, seats }),
        };

    public static OutboxMessage Released(long firstBookingId, int seats, long runId, long departmentId, string secretary, DateTimeOffset now) =>
        New(OutboxKinds.HeldReleased, $"{OutboxKinds.HeldReleased}/{Text(firstBookingId)}/{secretary}", secretary, runId, now) with
        {
            Payload = JsonSerializer.Serialize(new { department = departmentId, seats }),
        };

    /// <summary>A warning: of seats without names, or of unused seats before the release.</summary>
    public static OutboxMessage Warning(string kind, SecretaryWarning warning, DateTimeOffset now) =>
        New(kind, warning.Key, warning.Email, warning.RunId, now) with
        {
            Payload = JsonSerializer.Serialize(new { department = warning.DepartmentId }),
        };

    private static OutboxMessage New(string kind, string key, string secretary, long runId, DateTimeOffset now) => new()
    {
        Key = key,
        Kind = kind,
        Queue = key,
        RunId = runId,
        RecipientEmail = secretary,
        Language = null,
        CreatedAt = now,
    };

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
