using Xunit;

namespace Booking.WebTests.Verbs;

/// <summary>What the program says to those who start it wrongly, or ask.</summary>
public sealed class CommandLineTests
{
    private readonly string _dataFolder = RunningProgram.NewDataFolder();

    [Theory]
    [InlineData("--help", "migrate")]
    [InlineData("help", "import")]
    [InlineData("serve --help", "--role worker")]
    [InlineData("migrate --help", "Exit code")]
    [InlineData("import --help", "--check")]
    [InlineData("audit --help", "--json")]
    [InlineData("--help serve", "Usage:")]
    public async Task Help_asked_for_is_printed_and_starts_nothing(string arguments, string expected)
    {
        await using var program = RunningProgram.Start(_dataFolder, arguments.Split(' '));

        Assert.Equal(0, await program.ExitAsync());
        Assert.Contains(expected, program.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_dataFolder));
    }

    [Theory]
    [InlineData("fly", "There is no verb 'fly'")]
    [InlineData("migrate --fast", "'--fast' is not an option")]
    [InlineData("audit --mend", "'--mend' is not an option")]
    [InlineData("serve --role cook", "web, worker or all")]
    [InlineData("serve --role 1", "web, worker or all")]
    [InlineData("serve --role", "--role needs a value")]
    [InlineData("serve --rol web", "'--rol' is not an option")]
    [InlineData("serve now", "'now' is not an option")]
    public async Task Wrong_arguments_are_told_with_64(string arguments, string expected)
    {
        await using var program = RunningProgram.Start(_dataFolder, arguments.Split(' '));

        Assert.Equal(64, await program.ExitAsync());
        Assert.Contains(expected, program.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_dataFolder));
    }

    [Fact]
    public async Task Wrong_settings_are_all_told_at_once_with_78_before_anything_starts()
    {
        await using var program = RunningProgram.Start(
            _dataFolder, "serve", "--urls", "http://127.0.0.1:0", "--Site:Color", "red", "--Site:TimeZone", "Mars", "--WorkingHours:Start", "17:00");

        Assert.Equal(78, await program.ExitAsync());
        Assert.Contains("Site:Color is 'red'", program.Output, StringComparison.Ordinal);
        Assert.Contains("Site:TimeZone is 'Mars'", program.Output, StringComparison.Ordinal);
        Assert.Contains("WorkingHours:Start is 17:00", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_dataFolder));
    }

    [Fact]
    public async Task Address_that_is_none_is_refused()
    {
        await using var program = RunningProgram.Start(_dataFolder, "serve", "--urls", "http://127.0.0.1:x");

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("is not an address to listen on", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_without_its_address_is_refused()
    {
        await using var program = RunningProgram.Start(
            _dataFolder, "serve", "--urls", "http://127.0.0.1:0", "--environment", "Production");

        Assert.Equal(78, await program.ExitAsync());
        Assert.Contains("Site:BaseUrl is empty", program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=9;Username=x", "does not answer")]
    [InlineData("somewhere", "is not a connection string")]
    public async Task Database_out_of_reach_is_told_in_a_sentence(string connectionString, string expected)
    {
        await using var program = RunningProgram.Start(
            _dataFolder, "serve", "--urls", "http://127.0.0.1:0", "--ConnectionStrings:Booking", connectionString);

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains(expected, program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
    }
}
