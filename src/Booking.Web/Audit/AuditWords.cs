using System.Text.Json;
using Booking.Data.Audit;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Audit;

/// <summary>Entries of the audit trail in words: one text per action and per fact; what has none is shown by its own name.</summary>
/// <param name="texts">The texts.</param>
public sealed class AuditWords(IStringLocalizer<Strings> texts)
{
    /// <summary>The change in words.</summary>
    /// <param name="line">The entry.</param>
    public string What(AuditLine line) => Word($"Audit.Action.{line.Action}", line.Action);

    /// <summary>Who did it, and in which role.</summary>
    /// <param name="line">The entry.</param>
    public string Who(AuditLine line)
    {
        var role = Word($"Audit.Role.{line.ActorRole}", line.ActorRole);
        return line.ActorRole == ActorRoles.System
            ? $"{role} ({Word($"Audit.Job.{line.Actor}", line.Actor)})"
            : $"{(line.ActorName is null ? line.Actor : $"{line.ActorName}, {line.Actor}")} ({role})";
    }

    /// <summary>Whom and what it concerned.</summary>
    /// <param name="line">The entry.</param>
    public IReadOnlyList<string> Facts(AuditLine line)
    {
        using var details = JsonDocument.Parse(line.Details);
        return
        [
            .. new[] { line.PersonName, line.DepartmentName }.OfType<string>(),
            .. details.RootElement.EnumerateObject()
                .OrderBy(fact => fact.Value.ValueKind == JsonValueKind.True)
                .Select(fact => Fact(fact.Name, fact.Value)).OfType<string>(),
        ];
    }

    // A flag is said when it is set and passed over when it is not.
    private string? Fact(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => null,
        JsonValueKind.True => Word($"Audit.Flag.{name}", name),
        _ => texts[$"Audit.Fact.{name}"] is { ResourceNotFound: false } ? texts[$"Audit.Fact.{name}", Value(value)] : $"{name}: {Value(value)}",
    };

    private string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Value)),
        JsonValueKind.String => Word($"Audit.Value.{value}", value.ToString()),
        _ => value.ToString(),
    };

    private string Word(string key, string fallback) =>
        texts[key] is { ResourceNotFound: false } word ? word.Value : fallback;
}
