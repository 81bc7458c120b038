namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>Takes secrets out of what <c>pulumi</c> prints: the values that its environment gives it under names of secrets, and those of its files.</summary>
internal sealed class Secrets
{
    // Shorter ones would blacken ordinary words, and protect nothing.
    private const int Shortest = 4;

    private static readonly string[] s_names = ["PASSPHRASE", "PASSWORD", "SECRET", "TOKEN", "CREDENTIAL", "_KEY", "SAS"];

    private readonly IReadOnlyList<string> _values;

    public Secrets(IEnumerable<string> values) =>
        _values = [.. values.SelectMany(Lines).Where(value => value.Length >= Shortest).Distinct(StringComparer.Ordinal).OrderByDescending(value => value.Length)];

    /// <summary>Whether a variable of that name holds a secret.</summary>
    public static bool IsSecret(string variable) =>
        !variable.EndsWith("_FILE", StringComparison.OrdinalIgnoreCase) && s_names.Any(name => variable.Contains(name, StringComparison.OrdinalIgnoreCase));

    public string Scrub(string text) => _values.Aggregate(text, (scrubbed, secret) => scrubbed.Replace(secret, "***", StringComparison.Ordinal));

    private static IEnumerable<string> Lines(string value) => value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
