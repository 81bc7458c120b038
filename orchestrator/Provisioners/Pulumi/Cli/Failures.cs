using System.Globalization;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>What a failed run of <c>pulumi</c> means. Older ones exit with 255 for everything, so its words count as much as its code.</summary>
internal static class Failures
{
    /// <summary>The code of a failure that only pulumi's own words explain.</summary>
    public const string Unexplained = "pulumi-failed";

    private const int MostWords = 600;

    private static readonly string[] s_unreachable =
    [
        "connection refused", "connection reset", "no such host", "i/o timeout", "no route to host", "network is unreachable", "dial tcp",
        "TLS handshake timeout", "unexpected EOF", ": EOF", "context deadline exceeded", "503 Service Unavailable", "502 Bad Gateway",
    ];

    public static AdapterException Of(Completion completion) => new(ReasonFor(completion.Invocation, completion.ExitCode, completion.Errors.Trim().Length > 0 ? completion.Errors : completion.Output));

    public static AdapterException Of(Completion completion, IReadOnlyList<string> errors) => new(ReasonFor(completion.Invocation, completion.ExitCode, string.Join("; ", errors)));

    public static AdapterException TooSlow(Invocation invocation) => new(new Reason(
        "pulumi-timeout",
        string.Create(CultureInfo.InvariantCulture, $"`{invocation}` did not end within {invocation.Timeout?.TotalSeconds:0.#} s and was ended"),
        "look what it waits for; a longer 'provisioner.pulumi.commandTimeout' waits longer"));

    public static AdapterException NotStarted(Completion completion) => new(new Reason(
        "pulumi-missing",
        $"pulumi cannot be started: {Words(completion.Errors)}",
        "install pulumi, or name it in 'provisioner.pulumi.command'"));

    /// <summary>Whether the cloud or the backend could not be reached: waiting may help.</summary>
    public static bool IsUnreachable(string said) => IsPage(said) || s_unreachable.Any(words => said.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a creation failed because a VM of that name is there.</summary>
    public static bool IsDuplicate(string said) => said.Contains("DuplicateName", StringComparison.Ordinal) || said.Contains("already exists", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the state of the stack does not load.</summary>
    public static bool IsDamage(string said) => !IsPage(said) && (said.Contains("snapshot integrity failure", StringComparison.Ordinal)
        || said.Contains("could not deserialize", StringComparison.OrdinalIgnoreCase)
        || said.Contains("failed to load checkpoint", StringComparison.Ordinal)
        || said.Contains("unexpected end of JSON input", StringComparison.Ordinal)
        || said.Contains("invalid character", StringComparison.Ordinal));

    /// <summary>Whether a page of a gateway answered in the place of a backend.</summary>
    private static bool IsPage(string said) => said.Contains("invalid character '<'", StringComparison.Ordinal);

    /// <summary>The errors among what was printed, else all of it, in one line and not too long.</summary>
    public static string Words(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var errors = lines.Where(line => line.StartsWith("error", StringComparison.Ordinal) || line.StartsWith("* ", StringComparison.Ordinal)).ToArray();
        var words = string.Join(' ', (errors.Length > 0 ? errors : lines).Distinct());
        return words.Length > MostWords ? $"{words[..MostWords]}…" : words.Length > 0 ? words : "it said nothing";
    }

    private static Reason ReasonFor(Invocation invocation, int exitCode, string said)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"`{invocation}` failed with exit code {exitCode}: {Words(said)}");
        return exitCode == 6 || said.Contains("no stack named", StringComparison.Ordinal) ? new("stack-missing", text, $"pulumi stack init {invocation.Stack}, or correct the name of the stack in the fleet file")
            : StackLock.Refused(said) ? new("stack-locked", text, "the other update has ended, or its lock is cleared")
            : said.Contains("passphrase", StringComparison.OrdinalIgnoreCase) ? new("passphrase", text, "give the right one: 'provisioner.pulumi.passphraseFile', or PULUMI_CONFIG_PASSPHRASE in the environment")
            : said.Contains("problem logging in", StringComparison.Ordinal) ? new("backend-missing", text, "correct 'provisioner.pulumi.backend', or make the backend reachable")
            : exitCode == 3 ? new("backend-login", text, "log in to the backend: PULUMI_ACCESS_TOKEN in the environment or in 'provisioner.pulumi.environmentFile'")
            : IsDamage(said) ? new(RebuildPreview.StateDamaged, text, "restore a state that was kept: pulumi stack import --file FILE")
            : IsUnreachable(said) ? new("provisioner-unreachable", text, "the cloud and the backend answer")
            : new(Unexplained, text, "put right what it says, then run again");
    }
}
