using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Booking.Jobs.Mail;

/// <summary>What a template's placeholders and tables stand for. All of it is plain text.</summary>
internal sealed record MailValues
{
    /// <summary>Placeholders by name; an empty text counts as not there.</summary>
    public required IReadOnlyDictionary<string, string> Words { get; init; }

    /// <summary>Rows of tables by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string[]>> Tables { get; init; } =
        new Dictionary<string, IReadOnlyList<string[]>>(StringComparer.Ordinal);
}

/// <summary>One block of a mail, from which both its text and its HTML are made.</summary>
internal abstract record MailBlock
{
    public sealed record Heading(int Level, string Text) : MailBlock;

    public sealed record Paragraph(IReadOnlyList<string> Lines) : MailBlock;

    public sealed record Facts(IReadOnlyList<KeyValuePair<string, string>> Rows) : MailBlock;

    public sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows) : MailBlock;

    public sealed record Links(IReadOnlyList<string[]> Rows) : MailBlock;

    public sealed record Button(string Label, string Address) : MailBlock;
}

/// <summary>
/// A mail in one language: one file in Templates, written like a letter. A value is put in after the template was read, so no
/// value can become a block, a condition or a placeholder. What a line may begin with:
/// <c># </c> and <c>## </c> a heading, <c>- Label: value</c> a fact (left out when its value is empty),
/// <c>&gt; label: {link}</c> a button, <c>@table name | column | column</c> a table, <c>@links name</c> rows of a
/// label and an address, <c>{?x}</c> only when x has a value,
/// <c>{!x}</c> only when it has none. An empty line ends a paragraph. The subject stands first: of several, the first
/// whose conditions hold.
/// </summary>
internal sealed partial class MailTemplate
{
    private static readonly ConcurrentDictionary<string, MailTemplate> Read = new(StringComparer.Ordinal);

    private readonly string[] _subjects;
    private readonly string[] _lines;

    private MailTemplate(string source)
    {
        var lines = source.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        _subjects = [.. lines.TakeWhile(line => line.Contains("Subject:", StringComparison.Ordinal))];
        _lines = lines[_subjects.Length..];
    }

    /// <summary>The template of one kind of mail.</summary>
    public static MailTemplate Get(string kind, string language) =>
        Read.GetOrAdd($"{kind}.{(language == "en" ? "en" : "da")}", static name =>
        {
            using var stream = typeof(MailTemplate).Assembly.GetManifestResourceStream($"mail/{name}.txt")
                ?? throw new InvalidOperationException($"There is no mail template '{name}'.");
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return new MailTemplate(reader.ReadToEnd());
        });

    /// <summary>A template from its source.</summary>
    internal static MailTemplate Parse(string source) => new(source);

    /// <summary>What stands after "Subject:".</summary>
    public string Subject(MailValues values) =>
        Fill(_subjects.First(line => Applies(ref line, values)).Split("Subject:", 2)[1].Trim(), values);

    /// <summary>The body, filled in.</summary>
    public IReadOnlyList<MailBlock> Blocks(MailValues values)
    {
        List<MailBlock> blocks = [];
        List<string> paragraph = [];
        List<KeyValuePair<string, string>> facts = [];
        foreach (var written in _lines.Append(""))
        {
            var line = written;
            if (!Applies(ref line, values))
            {
                continue;
            }

            if (!line.StartsWith("- ", StringComparison.Ordinal) && facts.Count > 0)
            {
                blocks.Add(new MailBlock.Facts([.. facts]));
                facts.Clear();
            }

            var block = ReadBlock(line, values);
            if ((block is not null || line.Length == 0) && paragraph.Count > 0)
            {
                blocks.Add(new MailBlock.Paragraph([.. paragraph]));
                paragraph.Clear();
            }

            if (block is MailBlock.Facts fact)
            {
                facts.AddRange(fact.Rows);
            }
            else if (block is not null)
            {
                blocks.Add(block);
            }
            else if (line.Length > 0)
            {
                paragraph.Add(Fill(line, values));
            }
        }

        return blocks;
    }

    private static MailBlock? ReadBlock(string line, MailValues values)
    {
        if (line.StartsWith('#'))
        {
            var level = line.StartsWith("## ", StringComparison.Ordinal) ? 2 : 1;
            return new MailBlock.Heading(level, Fill(line[(level + 1)..], values));
        }

        if (line.StartsWith("- ", StringComparison.Ordinal))
        {
            var (label, value) = Halves(line[2..]);
            var filled = Fill(value, values);
            return new MailBlock.Facts(filled.Length == 0 ? [] : [new(Fill(label, values), filled)]);
        }

        if (line.StartsWith("> ", StringComparison.Ordinal))
        {
            var (label, value) = Halves(line[2..]);
            return new MailBlock.Button(Fill(label, values), Fill(value, values));
        }

        if (line.StartsWith("@table ", StringComparison.Ordinal))
        {
            var parts = line["@table ".Length..].Split('|', StringSplitOptions.TrimEntries);
            return new MailBlock.Table(parts[1..], values.Tables[parts[0]]);
        }

        if (line.StartsWith("@links ", StringComparison.Ordinal))
        {
            return new MailBlock.Links(values.Tables[line["@links ".Length..].Trim()]);
        }

        return null;
    }

    private static bool Applies(ref string line, MailValues values)
    {
        while (Condition().Match(line) is { Success: true } condition)
        {
            var wantsValue = condition.Groups["sign"].Value == "?";
            if (Word(condition.Groups["name"].Value, values).Length > 0 != wantsValue)
            {
                return false;
            }

            line = line[condition.Length..];
        }

        return true;
    }

    private static (string Label, string Value) Halves(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        return (line[..colon], line[(colon + 2)..]);
    }

    private static string Fill(string text, MailValues values) =>
        Placeholder().Replace(text, match => Word(match.Groups["name"].Value, values));

    private static string Word(string name, MailValues values) =>
        values.Words.TryGetValue(name, out var word)
            ? PlainText.OneLine(word)
            : throw new InvalidOperationException($"A mail template asks for '{name}', which nobody gave.");

    [GeneratedRegex(@"\{(?<name>[a-z_]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\{(?<sign>[?!])(?<name>[a-z_]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Condition();
}
