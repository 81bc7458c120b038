using System.Text;

namespace Refresh.Orchestrator.Probes;

/// <summary>Makes a stranger's text fit for a line on a terminal.</summary>
internal static class Excerpt
{
    private const int MaxLength = 200;

    /// <summary>The first 200 characters, with every run of white space and control characters as one space.</summary>
    public static string Of(string text)
    {
        var excerpt = new StringBuilder();
        foreach (var character in text.Trim())
        {
            if (excerpt.Length == MaxLength)
                return excerpt.Append('…').ToString();
            if (!char.IsControl(character) && !char.IsWhiteSpace(character))
                excerpt.Append(character);
            else if (excerpt.Length > 0 && excerpt[^1] != ' ')
                excerpt.Append(' ');
        }
        return excerpt.ToString();
    }
}
