using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>A process as the kernel tells of it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Name">Its name, at most 15 characters.</param>
/// <param name="Defunct">Whether it is dead and only waits for its parent to hear of it.</param>
/// <param name="Session">The session that it belongs to: the process id of that session's leader.</param>
/// <param name="StartedAt">When it began, to about a second.</param>
internal sealed record ProcessFacts(int Pid, string Name, bool Defunct, int Session, DateTimeOffset StartedAt)
{
    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} (pid {Pid})");
}

/// <summary>Reads and ends processes of this machine, through <c>/proc</c>.</summary>
internal static class Processes
{
    private const double TicksPerSecond = 100;

    /// <summary>Whether processes can be told of here at all.</summary>
    public static bool CanBeRead => File.Exists("/proc/self/stat");

    /// <summary>The process of that id; null where there is none.</summary>
    public static ProcessFacts? Find(int pid)
    {
        try
        {
            var text = File.ReadAllText(Path(pid, "stat"));
            // The name stands in parentheses and may itself hold any character.
            var (open, close) = (text.IndexOf('(', StringComparison.Ordinal), text.LastIndexOf(')'));
            var rest = text[(close + 2)..].Split(' ');
            return new(
                pid,
                text[(open + 1)..close],
                rest[0] is "Z" or "X" or "x",
                int.Parse(rest[3], CultureInfo.InvariantCulture),
                Boot() + TimeSpan.FromSeconds(long.Parse(rest[19], CultureInfo.InvariantCulture) / TicksPerSecond));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The living processes in whose environment a variable has a value. Those of other users cannot be looked into.</summary>
    public static IReadOnlyList<ProcessFacts> Marked(string variable, string value)
    {
        var wanted = Encoding.UTF8.GetBytes($"{variable}={value}\0");
        return [.. All().Where(process => Environment(process.Pid).AsSpan().IndexOf(wanted) >= 0)];
    }

    /// <summary>Ends a process at once; one that is gone already is as wanted.</summary>
    public static void Kill(int pid, bool withChildren = false)
    {
        try
        {
            using var found = Process.GetProcessById(pid);
            found.Kill(withChildren);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
        }
    }

    /// <summary>Ends a session with all that is in it; where there are no sessions, a process with its children.</summary>
    public static void KillSession(int leader)
    {
        var found = OfSession(leader);
        if (found.Count == 0)
            Kill(leader, withChildren: true);
        // What is killed may have started another process meanwhile, but not for ever.
        for (var round = 0; found.Count > 0 && round < 10; round++, found = OfSession(leader))
        {
            foreach (var process in found)
                Kill(process.Pid);
        }
    }

    private static IEnumerable<ProcessFacts> All() => CanBeRead
        ? Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(System.IO.Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Find(pid) : null)
            .OfType<ProcessFacts>()
            .Where(process => !process.Defunct)
        : [];

    private static IReadOnlyList<ProcessFacts> OfSession(int session) => [.. All().Where(process => process.Session == session)];

    private static byte[] Environment(int pid)
    {
        try
        {
            return [.. File.ReadAllBytes(Path(pid, "environ")), 0];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static DateTimeOffset Boot()
    {
        var line = File.ReadLines("/proc/stat").First(line => line.StartsWith("btime ", StringComparison.Ordinal));
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(line.AsSpan(6), CultureInfo.InvariantCulture));
    }

    private static string Path(int pid, string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}");
}
