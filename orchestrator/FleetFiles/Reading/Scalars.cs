using System.Globalization;
using System.Text.RegularExpressions;
using Refresh.Orchestrator.FleetFiles.Yaml;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Reads text, numbers, truth values and choices.</summary>
internal static partial class Scalars
{
    private const int MaxTextLength = 4096;

    /// <summary>Text in one line, not empty. What YAML takes for a number or a truth value needs quotes.</summary>
    public static string? Text(this Field field, bool mayBeEmpty = false)
    {
        if (field.Value is not YamlScalar scalar)
            return field.Fail<string>($"'{field.Path}' must be text, not {field.Written}");
        if (scalar.Plain && NotText().IsMatch(scalar.Text))
            return field.Fail<string>($"'{field.Path}' must be text, and YAML takes {field.Written} for something else", "put it in quotes");
        if (scalar.Text.Length == 0 && !mayBeEmpty)
            return field.Fail<string>($"'{field.Path}' is empty");
        if (scalar.Text.Length > MaxTextLength)
            return field.Fail<string>($"'{field.Path}' is longer than {MaxTextLength} characters");
        return scalar.Text.Any(char.IsControl)
            ? field.Fail<string>($"'{field.Path}' must be one line without control characters")
            : scalar.Text;
    }

    /// <summary>Text of a certain form.</summary>
    public static string? Text(this Field field, Regex form, string what, string example)
    {
        var text = field.Text();
        return text is null || form.IsMatch(text) ? text : field.Fail<string>($"'{field.Path}' must be {what}, not {field.Written}", example);
    }

    public static int? Integer(this Field field, int min, int max)
    {
        if (field.Value is not YamlScalar { Plain: true } scalar || !Whole().IsMatch(scalar.Text))
            return field.Fail<int?>($"'{field.Path}' must be a whole number, not {field.Written}", $"write {min} to {max}, without quotes");
        return long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? (int)number
            : field.Fail<int?>($"'{field.Path}' must be {min} to {max}, not {field.Written}");
    }

    public static int? Port(this Field field) => field.Integer(1, 65535);

    public static bool? Truth(this Field field) =>
        field.Value is YamlScalar { Plain: true, Text: "true" or "false" } scalar
            ? scalar.Text == "true"
            : field.Fail<bool?>($"'{field.Path}' must be true or false, not {field.Written}");

    /// <summary>One of a few words.</summary>
    public static T? Choice<T>(this Field field, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        var words = new List<string>();
        foreach (var (word, value) in choices)
        {
            if (field.Value is YamlScalar scalar && scalar.Text == word)
                return value;
            words.Add(word);
        }

        var hint = field.Value is YamlScalar other ? Suggestion.For(other.Text, words) : null;
        return field.Fail<T?>($"'{field.Path}' must be {string.Join(" or ", words)}, not {field.Written}", hint);
    }

    /// <summary>What the core schema of YAML 1.2 takes for nothing, a truth value, a number.</summary>
    [GeneratedRegex(@"^(~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?\d+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.ECMAScript)]
    private static partial Regex NotText();

    [GeneratedRegex(@"^-?\d+\z", RegexOptions.ECMAScript)]
    private static partial Regex Whole();
}
