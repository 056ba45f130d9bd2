using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Booking.Web.Site;

/// <summary>
/// <c>&lt;icon name="search" /&gt;</c>: one symbol of the design system's sprite; decoration unless it has a label.
/// </summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class IconTagHelper : TagHelper
{
    /// <summary>Name of the symbol in all-svg-icons.svg.</summary>
    public string Name { get; set; } = "";

    /// <summary>What a screen reader says; without it the icon is hidden from screen readers.</summary>
    public string? Label { get; set; }

    /// <summary>Further classes.</summary>
    public string? Class { get; set; }

    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Class is null ? "icon-svg" : $"icon-svg {Class}");
        output.Attributes.SetAttribute("focusable", "false");
        if (Label is null)
        {
            output.Attributes.SetAttribute("aria-hidden", "true");
        }
        else
        {
            output.Attributes.SetAttribute("role", "img");
            output.Attributes.SetAttribute("aria-label", Label);
        }

        output.Content.SetHtmlContent($"<use href=\"/lib/dkfds/img/all-svg-icons.svg#{Name}\"></use>");
    }
}
