using Refresh.PulumiStandIn.Cli;

namespace Refresh.PulumiStandIn.Backends;

/// <summary>A directory that keeps states, as <c>file://</c> backends lay it out.</summary>
internal sealed class Backend
{
    private const string Scheme = "file://";

    private Backend(string directory, string project) => (Directory, Project) = (directory, project);

    public string Directory { get; }

    public string Project { get; }

    public string Url => Scheme + Directory;

    public static Backend Open(string? url, string project)
    {
        var chosen = Environment.GetEnvironmentVariable("PULUMI_BACKEND_URL") is { Length: > 0 } set ? set : url;
        if (chosen is null)
            throw new PulumiFailure("PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", 3);
        if (!chosen.StartsWith(Scheme, StringComparison.Ordinal))
            throw new PulumiFailure($"problem logging in: this stand-in keeps states in files only, not in {chosen}");
        var directory = Path.GetFullPath(chosen[Scheme.Length..].Replace("~", Environment.GetEnvironmentVariable("HOME"), StringComparison.Ordinal));
        if (!System.IO.Directory.Exists(directory))
            throw new PulumiFailure($"problem logging in: unable to open bucket {chosen}: stat {directory}: no such file or directory");
        return new(directory, project);
    }

    public IReadOnlyList<string> Stacks() => System.IO.Directory.Exists(StackDirectory)
        ? [.. System.IO.Directory.EnumerateFiles(StackDirectory, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)]
        : [];

    public bool Has(string stack) => File.Exists(StateFile(stack));

    public string QualifiedName(string stack) => $"organization/{Project}/{stack}";

    public string StateFile(string stack) => Path.Combine(StackDirectory, stack + ".json");

    public string LockDirectory(string stack) => Path.Combine(Directory, ".pulumi", "locks", "organization", Project, stack);

    public string BackupDirectory(string stack) => Path.Combine(Directory, ".pulumi", "backups", Project, stack);

    private string StackDirectory => Path.Combine(Directory, ".pulumi", "stacks", Project);
}
