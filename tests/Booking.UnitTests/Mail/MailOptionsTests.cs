using Booking.Jobs.Mail;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Booking.UnitTests.Mail;

public sealed class MailOptionsTests
{
    private static readonly (string Key, string Value)[] Right =
        [("Mail:Host", "smtp.region.example"), ("Mail:From", "kurser@region.example"), ("Site:BaseUrl", "https://kurser.example.org")];

    [Fact]
    public void Options_left_alone_and_a_whole_server_are_right()
    {
        Assert.Equal(587, Read([]).Port);
        Assert.Equal("smtp.region.example", Read(Right).Host);
    }

    [Theory]
    [InlineData("Mail:From", "kurser", "Mail:From is 'kurser'")]
    [InlineData("Mail:From", "kurser@example.org", "Mail:From is not")]
    [InlineData("Mail:Port", "0", "Mail:Port is 0")]
    [InlineData("Mail:Workers", "0", "Mail:Workers is 0")]
    [InlineData("Mail:TimeoutSeconds", "300", "Mail:TimeoutSeconds is 300")]
    [InlineData("Mail:Host", "https://smtp.region.example", "Mail:Host is")]
    [InlineData("Mail:User", "anna", "Only one of Mail:User and Mail:Password")]
    [InlineData("Site:BaseUrl", "", "Site:BaseUrl is not")]
    public void Option_that_cannot_work_is_refused_with_a_sentence(string key, string value, string sentence)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read([.. Right.Where(setting => setting.Key != key), (key, value)]));

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Password_over_an_unprotected_connection_is_refused()
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => Read([.. Right, ("Mail:Tls", "None"), ("Mail:User", "anna"), ("Mail:Password", "x")]));

        Assert.Contains("unprotected", error.Message, StringComparison.Ordinal);
    }

    private static MailOptions Read((string Key, string Value)[] settings)
    {
        using var services = JobHost.Create(new FakeClock(), settings);
        return services.GetRequiredService<IOptions<MailOptions>>().Value;
    }
}
