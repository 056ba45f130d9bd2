using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Forms;

/// <summary>
/// <c>&lt;field for="Name" label="..." /&gt;</c>: a label, a hint, the error beside it and the input, as the design system
/// wants them. What was typed stays. With options it is a select, with rows a text area.
/// </summary>
/// <param name="localizer">For the word that screen readers hear before an error.</param>
[HtmlTargetElement("field", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FieldTagHelper(IStringLocalizer<Strings> localizer) : TagHelper
{
    /// <summary>The model's property.</summary>
    public required ModelExpression For { get; set; }

    /// <summary>The label's text.</summary>
    public string Label { get; set; } = "";

    /// <summary>Help under the label.</summary>
    public string? Hint { get; set; }

    /// <summary>The input's type.</summary>
    public string Type { get; set; } = "text";

    /// <summary>What browsers may fill in, such as <c>email</c>.</summary>
    public string? Autocomplete { get; set; }

    /// <summary>Which keyboard a phone shows.</summary>
    public string? Inputmode { get; set; }

    /// <summary>Longest text allowed.</summary>
    public int? Maxlength { get; set; }

    /// <summary>Whether it must be filled in; the label says when it need not be.</summary>
    public bool Required { get; set; } = true;

    /// <summary>A text area of so many lines instead of an input.</summary>
    public int? Rows { get; set; }

    /// <summary>Choices: a select instead of an input.</summary>
    public IEnumerable<SelectListItem>? Options { get; set; }

    /// <summary>The page being rendered.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var id = TagBuilder.CreateSanitizedId(For.Name, "-");
        var entry = ViewContext.ModelState.GetValueOrDefault(For.Name);
        var error = entry?.Errors.FirstOrDefault()?.ErrorMessage;
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", error is null ? "form-group" : "form-group form-error");
        output.Content.AppendHtml(Element("label", "form-label", Required ? Label : $"{Label} ({localizer["Form.Optional"].Value})", ("for", id)));
        if (Hint is not null)
        {
            output.Content.AppendHtml(Element("span", "form-hint", Hint, ("id", $"{id}-hint")));
        }

        if (error is not null)
        {
            output.Content.AppendHtml(Element("span", "form-error-message", $"{localizer["Form.Error"].Value}: {error}", ("id", $"{id}-error")));
        }

        output.Content.AppendHtml(Control(id, entry, error is not null));
    }

    private TagBuilder Control(string id, ModelStateEntry? entry, bool hasError)
    {
        var value = entry?.AttemptedValue ?? For.Model?.ToString() ?? "";
        var control = Options is not null ? Select(value) : Rows is not null ? Element("textarea", "form-input", value) : Element("input", "form-input", null, ("value", value));
        control.TagRenderMode = Options is null && Rows is null ? TagRenderMode.SelfClosing : TagRenderMode.Normal;
        Set(control, "id", id);
        Set(control, "name", For.Name);
        Set(control, "type", Options is null && Rows is null ? Type : null);
        Set(control, "rows", Rows?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Set(control, "autocomplete", Autocomplete);
        Set(control, "inputmode", Inputmode);
        Set(control, "maxlength", Maxlength?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Set(control, "required", Required ? "required" : null);
        Set(control, "aria-invalid", hasError ? "true" : null);
        var described = string.Join(' ', new[] { Hint is null ? null : $"{id}-hint", hasError ? $"{id}-error" : null }.OfType<string>());
        Set(control, "aria-describedby", described.Length > 0 ? described : null);
        return control;
    }

    private TagBuilder Select(string value)
    {
        var select = new TagBuilder("select");
        select.AddCssClass("form-select");
        foreach (var option in Options!)
        {
            var item = Element("option", null, option.Text, ("value", option.Value));
            Set(item, "selected", option.Value == value ? "selected" : null);
            select.InnerHtml.AppendHtml(item);
        }

        return select;
    }

    private static TagBuilder Element(string name, string? cssClass, string? text, params (string Name, string? Value)[] attributes)
    {
        var element = new TagBuilder(name);
        foreach (var (attribute, value) in attributes)
        {
            Set(element, attribute, value);
        }

        if (cssClass is not null)
        {
            element.AddCssClass(cssClass);
        }

        if (text is not null)
        {
            element.InnerHtml.Append(text);
        }

        return element;
    }

    private static void Set(TagBuilder element, string name, string? value)
    {
        if (value is not null)
        {
            element.Attributes[name] = value;
        }
    }
}
