using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Keeping;

/// <summary>Keeps, beside the journal and a folder for each stack, the state before each update, its plan and its events. Only the owner reads them.</summary>
internal sealed class Keeper(string directory, TimeProvider clock)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Keeps a state; one that is kept already is not kept twice.</summary>
    public async Task<KeptState> KeepAsync(string stack, string state, CancellationToken cancellation)
    {
        var digest = Digest(Encoding.UTF8.GetBytes(state));
        if (Latest(stack) is { } latest && latest.Digest == digest)
            return latest;
        var path = NewFile(stack, "state", $"-{digest[7..19]}.json");
        // A copy that is cut by a crash must not be taken for a state.
        var partial = $"{path}.partial";
        await File.WriteAllTextAsync(partial, state, cancellation);
        File.Move(partial, path);
        return new(path, digest);
    }

    /// <summary>The state that was kept last and is still what it was; null where there is none.</summary>
    public KeptState? Latest(string stack) => Files(stack, "state-*.json")
        .Select(path => new KeptState(path, Digest(File.ReadAllBytes(path))))
        .FirstOrDefault(kept => kept.Path.Contains($"-{kept.Digest[7..19]}.", StringComparison.Ordinal));

    /// <summary>A new file for a plan.</summary>
    public string NewPlan(string stack) => NewFile(stack, "plan", ".json");

    /// <summary>A new file for the events of an update.</summary>
    public string NewEvents(string stack) => NewFile(stack, "events", ".jsonl");

    /// <summary>The events of the last update; null where there was none.</summary>
    public string? LatestEvents(string stack) => Files(stack, "events-*.jsonl").FirstOrDefault();

    public static string Digest(ReadOnlySpan<byte> content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private IEnumerable<string> Files(string stack, string pattern) => Directory.Exists(Folder(stack))
        ? Directory.EnumerateFiles(Folder(stack), pattern).OrderDescending(StringComparer.Ordinal)
        : [];

    private string NewFile(string stack, string kind, string end)
    {
        var folder = Folder(stack);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Private);
        return Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{kind}-{clock.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss.fffffff'Z'}{end}"));
    }

    private string Folder(string stack) => Path.Combine(directory, stack.Replace('/', '.'));
}

/// <summary>A state that was kept.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Digest">The digest of its content.</param>
internal sealed record KeptState(string Path, string Digest)
{
    /// <inheritdoc />
    public override string ToString() => $"state kept in {Path} ({Digest})";
}
