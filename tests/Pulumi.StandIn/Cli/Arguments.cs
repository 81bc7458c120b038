namespace Refresh.PulumiStandIn.Cli;

/// <summary>A command line, read with the flags that this stand-in knows.</summary>
internal sealed class Arguments
{
    private static readonly HashSet<string> Switches =
    [
        "non-interactive", "yes", "skip-preview", "json", "show-secrets", "show-sames", "show-replacement-steps", "show-full-output", "target-dependents",
        "clear-pending-creates", "refresh", "run-program", "force", "expect-no-changes", "suppress-outputs", "suppress-progress", "diff", "protect",
        "generate-code", "path", "all", "project", "plaintext", "secret", "show-urns", "show-ids", "show-name", "preserve-config", "remove-backups", "logtostderr", "logflow",
        "disable-integrity-checking", "continue-on-error", "no-select", "transitive", "preview-only", "emoji", "help",
    ];

    private static readonly HashSet<string> Valued =
    [
        "stack", "cwd", "color", "config-file", "verbose", "profiling", "tracing", "exec-kind", "exec-agent", "parallel", "message", "target", "target-replace",
        "replace", "exclude", "save-plan", "plan", "file", "version", "secrets-provider", "copy-config-from", "policy-pack", "import-pending-creates", "config",
    ];

    private static readonly Dictionary<string, string> Short = new()
    {
        ["s"] = "stack",
        ["C"] = "cwd",
        ["y"] = "yes",
        ["j"] = "json",
        ["f"] = "skip-preview",
        ["t"] = "target",
        ["p"] = "parallel",
        ["m"] = "message",
        ["v"] = "verbose",
        ["a"] = "all",
    };

    private readonly List<(string Name, string Value)> _flags = [];

    private Arguments(IReadOnlyList<string> words) => Words = words;

    /// <summary>What is not a flag, the command's own words first.</summary>
    public IReadOnlyList<string> Words { get; private set; }

    public static Arguments Parse(IReadOnlyList<string> arguments)
    {
        var words = new List<string>();
        var parsed = new Arguments(words);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--")
            {
                words.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (arguments[i].Length < 2 || arguments[i][0] != '-')
            {
                words.Add(arguments[i]);
                continue;
            }

            var (name, value) = Split(arguments[i]);
            var takes = Takes(name, arguments[i], words);
            if (takes && value is null)
                value = ++i < arguments.Count ? arguments[i] : throw new PulumiFailure($"flag needs an argument: {arguments[^1]}");
            parsed._flags.Add((name, value ?? "true"));
        }

        return parsed;
    }

    public string? Value(string name) => Values(name) is [.., var last] ? last : null;

    public IReadOnlyList<string> Values(string name) => [.. _flags.Where(flag => flag.Name == name).Select(flag => flag.Value)];

    public bool Has(string name) => Value(name) is { } value && value != "false";

    /// <summary>Takes the command's own words away.</summary>
    public Arguments Skip(int words)
    {
        Words = [.. Words.Skip(words)];
        return this;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var text = argument.TrimStart('-');
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        return (argument.StartsWith("--", StringComparison.Ordinal) ? name : Short.GetValueOrDefault(name, name), equals < 0 ? null : text[(equals + 1)..]);
    }

    private static bool Takes(string name, string written, List<string> words)
    {
        // One and the same word is a switch of "config set" and takes key=value in "config set-all".
        if (name is "plaintext" or "secret" && words is ["config", "set-all"])
            return true;
        if (name == "event-log" && Environment.GetEnvironmentVariable("PULUMI_DEBUG_COMMANDS") == "true")
            return true;
        return Valued.Contains(name) || (Switches.Contains(name) ? false : throw new PulumiFailure($"unknown flag: {written.Split('=')[0]}"));
    }
}
