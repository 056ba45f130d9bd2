using System.Reflection;
using Booking.Data.Outbox;
using Booking.Jobs.Invitations;
using Booking.Jobs.Outbox;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

/// <summary>Every kind of mail has exactly one renderer.</summary>
public sealed class MailRendererTests : IAsyncLifetime
{
    private MailCase _case = null!;

    public async ValueTask InitializeAsync() => _case = await MailCase.CreateAsync();

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public void Every_kind_without_a_calendar_message_is_rendered_by_exactly_one()
    {
        var kinds = typeof(OutboxKinds).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Where(kind => !InvitationRenderer.IsCalendar(kind));

        // A second renderer of the same kind would have thrown.
        Assert.Equal(kinds.Order(StringComparer.Ordinal), _case.Get<MailRenderer>().Kinds.Order(StringComparer.Ordinal));
    }
}
