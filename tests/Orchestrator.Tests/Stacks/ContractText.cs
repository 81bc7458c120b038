using System.Text.RegularExpressions;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>The tables of <c>docs/stack-contract.md</c>.</summary>
internal static partial class ContractText
{
    /// <summary>The configuration keys of both members, with their types, and whether they may be left out.</summary>
    internal static IReadOnlyList<(string Key, string Type, bool Optional)> Configuration { get; } =
    [
        .. Rows("## Configuration in").SelectMany(row => new[] { row[0], row[1] }
            .Select(key => (key.Trim('`'), row[2].Split(',')[0], row[2].EndsWith("optional", StringComparison.Ordinal)))),
    ];

    /// <summary>The outputs of a member.</summary>
    internal static IReadOnlyList<string> Outputs { get; } = [.. Rows("## Outputs out").Select(row => row[0].Trim('`')).TakeWhile(key => key != "antiAffinity")];

    /// <summary>Where Refresh reads the outputs in the state when a stack does not say.</summary>
    internal static IReadOnlyDictionary<string, string> Properties { get; } =
        Pairs().Matches(Rows("## Outputs out").Single(row => row[0] == "`properties`")[2]).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    private static IEnumerable<string[]> Rows(string heading)
    {
        var text = StackPrograms.Read("docs/stack-contract.md");
        var start = text.IndexOf(heading, StringComparison.Ordinal);
        return text[start..text.IndexOf("\n## ", start + 1, StringComparison.Ordinal)].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries));
    }

    [GeneratedRegex("`([A-Za-z]+): ([A-Za-z.]+)`")]
    private static partial Regex Pairs();
}
