using System.Globalization;

namespace Refresh.PulumiStandIn.Faults;

/// <summary>
/// Failures that are switched on: lines of the file <c>stand-in.faults</c> in the backend's directory, each a kind and <c>key=value</c>:
/// <c>stack</c> (default all), <c>resource</c> (its name; default all), <c>count</c> (default always), <c>ms</c>.
/// </summary>
internal sealed class StandInFaults(string directory, string stack)
{
    /// <summary>vCenter does not answer.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>vCenter stops answering once the old VM is deleted.</summary>
    public const string UnreachableAfterDelete = "unreachable-after-delete";

    /// <summary>The VM is made, but the wait for its address ends without one.</summary>
    public const string InitErrors = "init-errors";

    /// <summary>The provider wants to change a resource that nobody changed.</summary>
    public const string Noise = "noise";

    /// <summary>An update that says it succeeded leaves a resource as it was.</summary>
    public const string DoesLess = "does-less";

    /// <summary>A preview shows a step that nobody has heard of.</summary>
    public const string UnknownOp = "unknown-op";

    /// <summary>A clone is waited for longer than it takes, by <c>ms</c>.</summary>
    public const string SlowClone = "slow-clone";

    /// <summary>An update stands still before its first step, for <c>ms</c>, and hears no SIGINT.</summary>
    public const string Hang = "hang";

    /// <summary>An export prints half of the state, and says that it succeeded.</summary>
    public const string CutExport = "cut-export";

    /// <summary>The file's name.</summary>
    public const string FileName = "stand-in.faults";

    private string FilePath => Path.Combine(directory, FileName);

    /// <summary>Whether a fault befalls a resource now; one that has a count is used up by it.</summary>
    public bool Befalls(string kind, string? resource = null) => Take(kind, resource) is not null;

    /// <summary>How long a fault takes, or null where there is none.</summary>
    public TimeSpan? Delay(string kind, string? resource = null) =>
        Take(kind, resource) is { } fault ? TimeSpan.FromMilliseconds(int.Parse(fault.GetValueOrDefault("ms", "1000"), CultureInfo.InvariantCulture)) : null;

    private Dictionary<string, string>? Take(string kind, string? resource)
    {
        if (!File.Exists(FilePath))
            return null;
        using var held = Hold();
        var lines = File.ReadAllLines(FilePath);
        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0 || words[0] != kind)
                continue;
            var fault = words.Skip(1).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
            if (fault.GetValueOrDefault("stack", stack) != stack || (resource is not null && fault.GetValueOrDefault("resource", resource) != resource))
                continue;
            if (fault.TryGetValue("count", out var count))
                Count(lines, i, int.Parse(count, CultureInfo.InvariantCulture));
            return fault;
        }

        return null;
    }

    private void Count(string[] lines, int at, int count)
    {
        if (count < 1)
            return;
        lines[at] = count == 1 ? string.Empty : lines[at].Replace($"count={count}", $"count={count - 1}", StringComparison.Ordinal);
        File.WriteAllLines(FilePath, lines);
    }

    private FileStream Hold()
    {
        for (var end = Environment.TickCount64 + 5_000; ; Thread.Sleep(5))
        {
            try
            {
                return new FileStream(FilePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (Environment.TickCount64 < end)
            {
                // Another process counts.
            }
        }
    }
}
