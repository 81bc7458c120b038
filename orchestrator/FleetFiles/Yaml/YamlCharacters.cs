using System.Globalization;

namespace Refresh.Orchestrator.FleetFiles.Yaml;

/// <summary>Characters that may not stand in a fleet file, among them those that editors and YAML libraries count as lines differently.</summary>
internal static class YamlCharacters
{
    public static (Position At, string Message, string Hint)? FirstForbidden(string text)
    {
        int line = 1, start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
            {
                line++;
                start = i + 1;
            }
            else if (IsForbidden(text, i))
            {
                var code = ((int)c).ToString("X4", CultureInfo.InvariantCulture);
                return (new Position(line, i - start + 1), $"the character U+{code} cannot stand in a fleet file", "leave it out");
            }
        }

        return null;
    }

    /// <summary>Most YAML errors beside a tab are told at another place than the tab.</summary>
    public static Position? FirstTabInIndentation(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var column = line.IndexOfAnyExcept(' ');
            if (column >= 0 && line[column] == '\t')
                return new Position(number, column + 1);
        }

        return null;
    }

    private static bool IsForbidden(string text, int i) => text[i] switch
    {
        '\t' => false,
        '\r' => i + 1 == text.Length || text[i + 1] != '\n',
        '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' => true,
        var c when char.IsHighSurrogate(c) => i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]),
        var c when char.IsLowSurrogate(c) => i == 0 || !char.IsHighSurrogate(text[i - 1]),
        var c => char.IsControl(c),
    };
}
