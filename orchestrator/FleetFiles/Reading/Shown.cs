using System.Text;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>What a user wrote, as a message may show it: short, in one line, without a password.</summary>
internal static class Shown
{
    private const int MaxLength = 60;

    public static string Quoted(string text) => $"'{Safe(text)}'";

    /// <summary>Whether a text looks like <c>user:password@host</c>, with or without a scheme.</summary>
    public static bool HoldsCredentials(string text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && text.IndexOf(':', 0, at) >= 0;
    }

    private static string Safe(string text)
    {
        if (HoldsCredentials(text))
            text = "***" + text[text.LastIndexOf('@')..];
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(MaxLength))
            shown.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
        return shown.Length < text.Length ? $"{shown}…" : shown.ToString();
    }
}
