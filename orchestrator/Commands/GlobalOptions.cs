using System.CommandLine;

namespace Refresh.Orchestrator.Commands;

/// <summary>The options that every command takes.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Journal { get; } = new("--journal")
    {
        Description = "The journal's file; otherwise $REFRESH_JOURNAL, otherwise one in your state directory.",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print JSON: one object, or one a line where it streams.",
        Recursive = true,
    };

    public static Option<string?> Log { get; } = new("--log")
    {
        Description = "Write a log with a JSON object a line to this file.",
        Recursive = true,
    };

    /// <summary>Whether JSON is asked for, by this option or by one of the same name that a command has itself.</summary>
    public static bool WantsJson(ParseResult parsed) => parsed.Tokens.Any(token => token.Value == Json.Name);

    public static string DefaultJournal() =>
        Environment.GetEnvironmentVariable("REFRESH_JOURNAL") is { Length: > 0 } told
            ? told
            : Path.Combine(StateDirectory(), "refresh", "journal.db");

    // Environment.SpecialFolder has no name for the XDG state directory.
    private static string StateDirectory() =>
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
            ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
}
