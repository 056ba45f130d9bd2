using System.Text;

namespace Booking.Jobs.Inbox;

/// <summary>A mail from elsewhere, or a part of one: read tolerantly, with bounds on everything that its sender chooses.</summary>
public sealed class ReceivedPart
{
    private readonly Dictionary<string, string> _headers;

    internal ReceivedPart(Dictionary<string, string> headers, byte[] body, IReadOnlyList<ReceivedPart> parts)
    {
        _headers = headers;
        Body = body;
        Parts = parts;
    }

    /// <summary>The body as it stands, still encoded.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The parts of a multipart, or the mail inside a <c>message/rfc822</c>; otherwise none.</summary>
    public IReadOnlyList<ReceivedPart> Parts { get; }

    /// <summary>The type without its parameters, in lower case; <c>text/plain</c> when there is none.</summary>
    public string MediaType => this["Content-Type"].Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } type ? type : "text/plain";

    /// <summary>One header's value, unfolded; an empty text when it is not there. Of several the first.</summary>
    public string this[string name] => _headers.GetValueOrDefault(name, "");

    /// <summary>This part and all below it, in their order.</summary>
    public IEnumerable<ReceivedPart> All() => Parts.SelectMany(part => part.All()).Prepend(this);

    /// <summary>One parameter of the content type, or an empty text.</summary>
    public string Parameter(string name) => HeaderText.Parameter(this["Content-Type"], name);

    /// <summary>The body decoded; what cannot be decoded is left out.</summary>
    public byte[] Content() => this["Content-Transfer-Encoding"].Trim().ToLowerInvariant() switch
    {
        "base64" => TransferDecoding.Base64(Body.Span),
        "quoted-printable" => TransferDecoding.QuotedPrintable(Body.Span),
        _ => Body.ToArray(),
    };

    /// <summary>The body as text, in the part's character set or, when that is not known, in UTF-8.</summary>
    public string Text() => (Parameter("charset").ToLowerInvariant() switch
    {
        "iso-8859-1" or "windows-1252" or "latin1" => Encoding.Latin1,
        _ => Encoding.UTF8,
    }).GetString(Content());
}
