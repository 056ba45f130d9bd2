using System.Text.RegularExpressions;
using System.Xml.Linq;
using Booking.Data.Outbox;
using Booking.Jobs.Schedules;
using Xunit;

namespace Booking.UnitTests.Localisation;

/// <summary>The texts of the screens stand in two files that must not drift apart.</summary>
public sealed partial class StringsTests
{
    internal static readonly string Web = FindWeb();

    // Keys that the code puts together: what stands before the part that is filled in.
    private static readonly string[] Made =
    [
        "AnswerOutcome.", "ApprovalOutcome.", "AttemptOutcome.", "Audit.Action.", "Audit.Fact.", "Audit.Flag.", "Audit.Job.",
        "Audit.Role.", "Audit.Value.", "BookingStatus.", "CancelOutcome.", "Catalogue.Facet.", "Competence.", "ConfirmOutcome.",
        "DiscardMailOutcome.", "Error.", "Explain.", "Explain.Held.", "FillRates.Attention.", "FillRates.Column.", "FillRates.Direction.",
        "FillRates.Head.", "FillRates.Pool.", "FillRates.Status.", "FillRates.View.", "FillRates.When.", "FocusArea.",
        "FollowUp.Barrier.", "FollowUp.Choice.", "FollowUpMail.Kind.", "Form.",
        "HrBookings.Held.", "HrFollowUps.Form.", "HrFollowUps.Question.", "HrFollowUps.Text.",
        "HrPostpone.Fault.", "HrRun.Done.", "LineOutcome.", "MarkOutcome.", "MoveOutcome.", "OutboxKind.", "OutboxStatus.",
        "ProposeOutcome.", "Reserve.Pool.", "RetryMailOutcome.", "Schedule.", "Sector.", "SignIn.Role.", "SignUpState.",
        "SubstituteOutcome.", "SwapOutcome.", "SwapStatus.", "WaitingLineOutcome.", "WaitingListRuleOutcome.", "WaitingStatus.",
    ];

    [Fact]
    public void Both_languages_have_the_same_keys()
    {
        var (danish, english) = (Read("da"), Read("en"));

        Assert.Empty(danish.Keys.Except(english.Keys));
        Assert.Empty(english.Keys.Except(danish.Keys));
    }

    [Theory]
    [InlineData("da")]
    [InlineData("en")]
    public void No_text_is_empty(string language) =>
        Assert.Empty(Read(language).Where(text => string.IsNullOrWhiteSpace(text.Value)).Select(text => text.Key));

    [Fact]
    public void Both_languages_have_the_same_placeholders()
    {
        var english = Read("en");

        Assert.Empty(Read("da").Where(text => !Holes(text.Value).SetEquals(Holes(english[text.Key]))).Select(text => text.Key));
    }

    [Fact]
    public void Every_kind_of_mail_and_every_schedule_has_its_words()
    {
        var texts = Read("da");

        Assert.Empty(OutboxKinds.All.Select(kind => $"OutboxKind.{kind}").Except(texts.Keys));
        Assert.Empty(AllSchedules.List.Select(schedule => $"Schedule.{schedule.Name}").Except(texts.Keys));
    }

    [Fact]
    public void Every_key_that_a_page_asks_for_exists()
    {
        var asked = Code().SelectMany(file => Asked().Matches(file).Select(match => match.Groups["key"].Value));

        Assert.Empty(asked.Except(Read("da").Keys));
    }

    [Fact]
    public void No_key_is_without_use()
    {
        var written = Code().SelectMany(file => Written().Matches(file).Select(match => match.Groups["key"].Value)).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(Read("da").Keys, key => !written.Contains(key) && !Made.Any(start => key.StartsWith(start, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_start_of_a_made_key_is_made_somewhere_and_has_texts()
    {
        var (code, keys) = (string.Join('\n', Code()), Read("da").Keys);

        Assert.DoesNotContain(Made, start => !code.Contains($"$\"{start}{{", StringComparison.Ordinal));
        Assert.DoesNotContain(Made, start => !keys.Any(key => key.StartsWith(start, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Code() => Directory.EnumerateFiles(Web, "*.cs*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    private static Dictionary<string, string> Read(string language) =>
        XDocument.Load(Path.Combine(Web, "Resources", $"Strings.{language}.resx")).Root!.Elements("data")
            .ToDictionary(e => e.Attribute("name")!.Value, e => e.Element("value")!.Value, StringComparer.Ordinal);

    private static HashSet<string> Holes(string text) => [.. Hole().Matches(text).Select(match => match.Value)];

    private static string FindWeb()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Booking.sln")))
            {
                return Path.Combine(folder.FullName, "src", "Booking.Web");
            }
        }

        throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }

    [GeneratedRegex("\\bL\\[\"(?<key>[A-Za-z0-9_.-]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asked();

    [GeneratedRegex("\"(?<key>[A-Za-z0-9_.-]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Written();

    [GeneratedRegex("\\{[0-9]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hole();
}
