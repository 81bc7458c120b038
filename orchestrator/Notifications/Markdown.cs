using System.Text;

namespace Refresh.Orchestrator.Notifications;

/// <summary>Plain text where Markdown is read.</summary>
public static class Markdown
{
    private const int MostText = 10_000;
    private const string Signs = @"\`*_{}[]<>()#+!|~";

    /// <summary>The text as it shows: every sign that has a meaning taken as itself, nobody called, nothing linked.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Markdown.</returns>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var each in text.Length > MostText ? text[..MostText] + "…" : text)
        {
            if (Signs.Contains(each, StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(each);
            // A sign that nobody sees keeps "@all" from calling all.
            if (each == '@')
                escaped.Append('\u200B');
        }

        return escaped.ToString();
    }
}
