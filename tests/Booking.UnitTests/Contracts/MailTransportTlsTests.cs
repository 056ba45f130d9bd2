using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.UnitTests.Contracts;

/// <summary>How mail transports protect a connection and sign in, on whichever stack is built.</summary>
public sealed class MailTransportTlsTests
{
    private static readonly string[] Offers = ["AUTH PLAIN LOGIN"];

    // Trusted by this process alone: OpenSSL's own variable names the file, and is read at the first protected connection.
    private static readonly (X509Certificate2 Authority, X509Certificate2 Server) Trusted = CreateTrusted();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mail_is_not_sent_in_the_clear_when_the_server_offers_no_STARTTLS()
    {
        await using var server = new TestSmtpServer();

        var receipt = await SendAsync(server, ("Mail:Tls", "StartTls"));

        Assert.Equal(MailOutcome.TryAgain, receipt.Outcome);
        Assert.Empty(server.Taken);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Implicit")]
    public async Task Mail_is_not_sent_to_a_server_whose_certificate_nobody_vouches_for(string tls)
    {
        using var stranger = Certificate("CN=127.0.0.1", issuer: null);
        await using var server = new TestSmtpServer { Certificate = stranger, IsImplicit = tls == "Implicit" };

        var receipt = await SendAsync(server, ("Mail:Tls", tls));

        Assert.Equal(MailOutcome.TryAgain, receipt.Outcome);
        Assert.Empty(server.Taken);
    }

    [Theory]
    [InlineData("StartTls", "AUTH PLAIN LOGIN")]
    [InlineData("StartTls", "AUTH LOGIN")]
    [InlineData("Implicit", "AUTH PLAIN")]
    public async Task Mail_goes_over_a_protected_connection_after_signing_in(string tls, string offer)
    {
        await using var server = new TestSmtpServer { Certificate = Trusted.Server, IsImplicit = tls == "Implicit", Offers = [offer] };

        var receipt = await SendAsync(server, ("Mail:Tls", tls), ("Mail:User", "user"), ("Mail:Password", "pass word"));

        Assert.Equal(new MailReceipt(MailOutcome.Accepted, "250 2.0.0 queued as 12345"), receipt);
        Assert.Single(server.Taken);
    }

    [Fact]
    public async Task Wrong_password_is_a_failed_attempt_that_does_not_repeat_it()
    {
        await using var server = new TestSmtpServer { Certificate = Trusted.Server, Offers = Offers };

        var receipt = await SendAsync(server, ("Mail:User", "user"), ("Mail:Password", "guessed"));

        Assert.Equal(MailOutcome.TryAgain, receipt.Outcome);
        Assert.Contains("5.7.8 wrong", receipt.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed", receipt.Words, StringComparison.Ordinal);
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task Words_that_came_in_the_clear_are_not_believed_once_the_connection_is_protected()
    {
        await using var server = new TestSmtpServer();
        server.Fail(new SmtpFault(SmtpStage.Hello, "250-test\r\n250 STARTTLS\r\n220 begin\r\n250 injected\r\n", SmtpThen.Stalls));

        var receipt = await SendAsync(server, ("Mail:Tls", "StartTls"), ("Mail:TimeoutSeconds", "2"));

        Assert.Equal(MailOutcome.TryAgain, receipt.Outcome);
        Assert.Empty(server.Taken);
    }

    private static async Task<MailReceipt> SendAsync(TestSmtpServer server, params (string Key, string Value)[] settings)
    {
        await using var tested = new TransportCase(server.Port, settings);
        return await tested.Transport.SendAsync(tested.Mail("anna@example.org"), Stop);
    }

    private static (X509Certificate2 Authority, X509Certificate2 Server) CreateTrusted()
    {
        var authority = Certificate("CN=Authority of this test", issuer: null);
        var file = Path.Combine(Path.GetTempPath(), $"booking-test-authority-{Environment.ProcessId}.pem");
        File.WriteAllText(file, authority.ExportCertificatePem());
        SetVariable("SSL_CERT_FILE", file);
        return (authority, Certificate("CN=127.0.0.1", authority));
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var (from, to) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        if (issuer is null)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
            return request.CreateSelfSigned(from, to);
        }

        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(issuer, from, to, [1, 2, 3, 4]);
        return signed.CopyWithPrivateKey(key);
    }

    // .NET's own way to set a variable does not reach OpenSSL.
    private static void SetVariable(string name, string value)
    {
        var set = Marshal.GetDelegateForFunctionPointer<SetEnvironment>(NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "setenv"));
        Assert.Equal(0, set(name, value, 1));
    }

    private delegate int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
