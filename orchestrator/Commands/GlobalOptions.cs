using System.CommandLine;

namespace Refresh.Orchestrator.Commands;

/// <summary>The options that every command takes.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Journal { get; } = File("--journal", "The journal's file; otherwise $REFRESH_JOURNAL, otherwise one in your state directory.");

    public static Option<string?> Server { get; } = new("--server")
    {
        Description = "A worker elsewhere (`refresh serve`), by its URL; otherwise $REFRESH_SERVER. The token is in $REFRESH_TOKEN, or in the file $REFRESH_TOKEN_FILE.",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print JSON: one object, or one a line where it streams.",
        Recursive = true,
    };

    public static Option<string?> Log { get; } = File("--log", "Write a log with a JSON object a line to this file.");

    /// <summary>Whether JSON is asked for, by this option or by one of the same name that a command has itself.</summary>
    public static bool WantsJson(ParseResult parsed) => parsed.Tokens.Any(token => token.Value == Json.Name);

    /// <summary>The worker elsewhere that is meant: as told, or by the environment; null or empty for none.</summary>
    public static string? ServerOf(string? told) => told ?? Environment.GetEnvironmentVariable("REFRESH_SERVER");

    public static string DefaultJournal() =>
        Environment.GetEnvironmentVariable("REFRESH_JOURNAL") is { Length: > 0 } told
            ? told
            : Path.Combine(StateDirectory(), "refresh", "journal.db");

    private static Option<string?> File(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, Recursive = true };
        option.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
                result.AddError($"{name} needs the name of a file.");
        });
        return option;
    }

    // Environment.SpecialFolder has no name for the XDG state directory.
    private static string StateDirectory() =>
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
            ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
}
