using Refresh.Orchestrator.Provisioners.Pulumi.Documents;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>The lock files of a stack, where its backend is a folder that can be looked into (reference: pulumi-cli, section 3).</summary>
internal sealed class LockFiles
{
    private const string Scheme = "file://";
    private readonly string? _folder;

    private LockFiles(string? folder) => _folder = folder;

    /// <summary>Whether the backend is such a folder. Elsewhere a lock shows itself only when it refuses a command.</summary>
    public bool CanBeRead => _folder is not null;

    public static LockFiles Of(string? backend, string projectFolder, string project, string stack)
    {
        if ((backend ?? Environment.GetEnvironmentVariable("PULUMI_BACKEND_URL")) is not { } url || !url.StartsWith(Scheme, StringComparison.Ordinal))
            return new LockFiles(null);
        var path = url[Scheme.Length..].Split('?')[0];
        var root = path.StartsWith('~')
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
            : Path.GetFullPath(Uri.UnescapeDataString(path), projectFolder);
        return new LockFiles(Path.Combine(root, ".pulumi", "locks", "organization", project, stack.Split('/')[^1]));
    }

    /// <exception cref="DocumentException">One of them is cut or damaged.</exception>
    public IReadOnlyList<StackLock> Read()
    {
        var locks = new List<StackLock>();
        foreach (var file in Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*.json") : [])
        {
            try
            {
                locks.Add(StackLock.Parse(File.ReadAllText(file)));
            }
            catch (FileNotFoundException)
            {
                // It was released meanwhile.
            }
        }

        return locks;
    }
}
