using System.Globalization;
using System.Net;
using System.Text;

namespace Booking.Jobs.Mail;

/// <summary>Makes text and HTML from the same blocks.</summary>
internal static class MailBody
{
    private const string Font = "font-family:Arial,Helvetica,sans-serif;";
    private const string Cell = "padding:4px 16px 4px 0;vertical-align:top;text-align:left;font-size:15px;line-height:22px;" + Font;

    /// <summary>Plain text; tables become lines.</summary>
    public static string Text(IReadOnlyList<MailBlock> blocks) =>
        string.Join("\n\n", blocks.Select(Text).Where(text => text.Length > 0)) + "\n";

    /// <summary>
    /// A whole HTML document of tables with inline styles: what Outlook's old engine shows. Every text in it is encoded.
    /// </summary>
    /// <param name="blocks">The mail.</param>
    /// <param name="language">For screen readers.</param>
    /// <param name="title">The document's title.</param>
    /// <param name="color">The site's colour, as <c>#rrggbb</c>.</param>
    public static string Html(IReadOnlyList<MailBlock> blocks, string language, string title, string color)
    {
        var html = new StringBuilder();
        html.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!DOCTYPE html>
            <html lang="{Encode(language)}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Encode(title)}</title></head>
            <body style="margin:0;padding:0;background-color:#f5f5f5;">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:24px 12px;">
            <table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-top:4px solid {Encode(color)};">
            <tr><td style="padding:24px 32px;color:#1a1a1a;font-size:16px;line-height:24px;{Font}">

            """);
        foreach (var block in blocks)
        {
            html.Append(Html(block, color)).Append('\n');
        }

        return html.Append("</td></tr></table>\n</td></tr></table>\n</body>\n</html>\n").ToString();
    }

    private static string Text(MailBlock block) => block switch
    {
        MailBlock.Heading { Level: 1 } heading => $"{heading.Text}\n{new string('=', Math.Min(heading.Text.Length, 70))}",
        MailBlock.Heading heading => $"{heading.Text}\n{new string('-', Math.Min(heading.Text.Length, 70))}",
        MailBlock.Paragraph paragraph => string.Join('\n', paragraph.Lines),
        MailBlock.Facts facts => string.Join('\n', facts.Rows.Select(row => $"{row.Key}: {row.Value}")),
        MailBlock.Table table => string.Join('\n', table.Rows.Select(row => $"- {string.Join(", ", row.Where(cell => cell.Length > 0))}")),
        MailBlock.Links links => string.Join('\n', links.Rows.Select(row => $"- {row[0]}:\n  {row[1]}")),
        MailBlock.Button button => $"{button.Label}:\n{button.Address}",
        _ => throw new InvalidOperationException($"No text is made from {block.GetType().Name}."),
    };

    private static string Html(MailBlock block, string color) => block switch
    {
        MailBlock.Heading { Level: 1 } heading =>
            $"<h1 style=\"margin:0 0 16px 0;font-size:24px;line-height:32px;{Font}\">{Encode(heading.Text)}</h1>",
        MailBlock.Heading heading =>
            $"<h2 style=\"margin:24px 0 8px 0;font-size:18px;line-height:26px;{Font}\">{Encode(heading.Text)}</h2>",
        MailBlock.Paragraph paragraph =>
            $"<p style=\"margin:0 0 16px 0;{Font}\">{string.Join("<br>\n", paragraph.Lines.Select(Encode))}</p>",
        MailBlock.Facts facts => Table(facts.Rows.Select(row =>
            $"<tr><th scope=\"row\" style=\"{Cell}white-space:nowrap;\">{Encode(row.Key)}</th><td style=\"{Cell}\">{Linked(row.Value, color)}</td></tr>")),
        MailBlock.Table table => Table(
            [
                $"<tr>{string.Concat(table.Columns.Select(column => $"<th scope=\"col\" style=\"{Cell}border-bottom:1px solid #bfbfbf;\">{Encode(column)}</th>"))}</tr>",
                .. table.Rows.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td style=\"{Cell}\">{Encode(cell)}</td>"))}</tr>"),
            ]),
        MailBlock.Links links =>
            $"<ul style=\"margin:0 0 16px 0;padding:0 0 0 20px;{Font}\">{string.Concat(links.Rows.Select(row =>
                $"<li style=\"margin:0 0 8px 0;\"><a href=\"{Encode(Address(row[1]))}\" style=\"color:{Encode(color)};\">{Encode(row[0])}</a></li>"))}</ul>",
        MailBlock.Button button =>
            "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:0 0 16px 0;\"><tr>"
            + $"<td bgcolor=\"{Encode(color)}\" style=\"padding:12px 24px;\"><a href=\"{Encode(Address(button.Address))}\" "
            + $"style=\"color:#ffffff;text-decoration:none;font-weight:bold;{Font}\">{Encode(button.Label)}</a></td></tr></table>",
        _ => throw new InvalidOperationException($"No HTML is made from {block.GetType().Name}."),
    };

    private static string Table(IEnumerable<string> rows) =>
        $"<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:0 0 16px 0;\">\n{string.Join('\n', rows)}\n</table>";

    private static string Linked(string value, string color) =>
        IsWebAddress(value) ? $"<a href=\"{Encode(value)}\" style=\"color:{Encode(color)};\">{Encode(value)}</a>" : Encode(value);

    private static string Address(string address) =>
        IsWebAddress(address) ? address : throw new InvalidOperationException("A button in a mail leads to something that is no web address.");

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
