using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Notifications;

/// <summary>
/// A text with fields of a notice in it: <c>{fleet}</c> stands for a value, <c>{{</c> and <c>}}</c> for braces, and what stands
/// between <c>[[</c> and <c>]]</c> is left out when a field in it is empty. There is nothing else, so nothing else can happen.
/// </summary>
public sealed partial class Template
{
    private const int Longest = 4000;

    private static readonly Dictionary<string, Func<Notice, string?>> s_fields = new(StringComparer.Ordinal)
    {
        ["event"] = notice => notice.Kind,
        ["level"] = notice => notice.Level.ToString().ToLowerInvariant(),
        ["fleet"] = notice => notice.Fleet,
        ["run"] = notice => notice.Run,
        ["image"] = notice => notice.Image,
        ["state"] = notice => notice.State,
        ["text"] = notice => notice.Text,
        ["why"] = notice => notice.Why,
        ["by"] = notice => notice.By,
        ["pair"] = notice => notice.Pair,
        ["member"] = notice => notice.Member,
        ["pairs"] = notice => notice.Pairs,
        ["time"] = notice => notice.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
    };

    private readonly IReadOnlyList<Part> _parts;

    private Template(IReadOnlyList<Part> parts) => _parts = parts;

    /// <summary>The fields that there are.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. s_fields.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What is said where no template is given.</summary>
    public static Template Standard { get; } = Parse("{fleet}: {text}[[ ({why})]]").Template!;

    /// <summary>Reads a template.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The template; or null and what is wrong with it.</returns>
    public static (Template? Template, string? Wrong) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > Longest)
            return (null, string.Create(CultureInfo.InvariantCulture, $"has more than {Longest} characters"));
        var parts = new List<Part>();
        var optional = 0;
        var inside = false;
        foreach (Match token in Token().Matches(text))
        {
            switch (token.Value)
            {
                case "[[" when inside:
                    return (null, "has [[ within [[");
                case "[[":
                    (inside, optional) = (true, optional + 1);
                    break;
                case "]]" when !inside:
                    return (null, "has ]] without [[");
                case "]]":
                    inside = false;
                    break;
                case "{{" or "}}":
                    parts.Add(new Part(token.Value[..1], null, inside ? optional : 0));
                    break;
                case "{" or "}":
                    return (null, $"has a single {token.Value}: write {token.Value}{token.Value}, or a field such as {{fleet}}");
                case ['{', .. var field, '}']:
                    if (!s_fields.TryGetValue(field, out var value))
                        return (null, $"has {{{field}}}, and there is no such field: {string.Join(", ", Fields)}");
                    parts.Add(new Part(null, value, inside ? optional : 0));
                    break;
                default:
                    parts.Add(new Part(token.Value, null, inside ? optional : 0));
                    break;
            }
        }

        return inside ? (null, "has [[ without ]]") : (new Template(parts), null);
    }

    /// <summary>Writes a notice.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="escape">Makes a value show as it is.</param>
    /// <returns>The text.</returns>
    public string Write(Notice notice, Func<string, string> escape)
    {
        ArgumentNullException.ThrowIfNull(escape);
        var empty = _parts.Where(part => part.Optional > 0 && part.Value is { } value && string.IsNullOrEmpty(value(notice))).Select(part => part.Optional).ToHashSet();
        var text = new StringBuilder();
        foreach (var part in _parts.Where(part => !empty.Contains(part.Optional)))
            text.Append(part.Value is { } value ? escape(value(notice) ?? string.Empty) : part.Text);
        return text.ToString();
    }

    [GeneratedRegex(@"\{\{|\}\}|\[\[|\]\]|\{[A-Za-z-]*\}|[{}]|[^{}\[\]]+|[\[\]]")]
    private static partial Regex Token();

    private sealed record Part(string? Text, Func<Notice, string?>? Value, int Optional);
}
