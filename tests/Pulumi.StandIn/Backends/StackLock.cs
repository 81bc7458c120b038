using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Cli;

namespace Refresh.PulumiStandIn.Backends;

/// <summary>The lock of a stack: a file that names the process which holds it, and that a kill leaves behind.</summary>
internal sealed class StackLock : IDisposable
{
    private readonly string _file;

    private StackLock(string file) => _file = file;

    public static StackLock Take(Backend backend, string stack)
    {
        var directory = backend.LockDirectory(stack);
        Directory.CreateDirectory(directory);
        var mine = Path.Combine(directory, Guid.NewGuid() + ".json");
        var next = mine + ".tmp";
        File.WriteAllText(next, Json.Line(new JsonObject
        {
            ["pid"] = Environment.ProcessId,
            ["username"] = Environment.UserName,
            ["hostname"] = Environment.MachineName,
            ["timestamp"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
        }));
        File.Move(next, mine);
        var others = Directory.EnumerateFiles(directory, "*.json").Where(file => file != mine).Order(StringComparer.Ordinal).ToList();
        if (others.Count == 0)
            return new(mine);
        File.Delete(mine);
        throw new PulumiFailure(
            $"the stack is currently locked by {others.Count} lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`."
            + string.Concat(others.Select(Describe)));
    }

    /// <summary>Deletes every lock, and asks nobody.</summary>
    public static void Cancel(Backend backend, string stack)
    {
        if (!Directory.Exists(backend.LockDirectory(stack)))
            return;
        foreach (var file in Directory.EnumerateFiles(backend.LockDirectory(stack), "*.json"))
            File.Delete(file);
    }

    public void Dispose() => File.Delete(_file);

    private static string Describe(string file)
    {
        try
        {
            var held = JsonNode.Parse(File.ReadAllText(file))!;
            var since = DateTimeOffset.Parse(held["timestamp"]!.GetValue<string>(), CultureInfo.InvariantCulture);
            return $"\n  file://{file}?no_tmp_dir=true: created by {held["username"]}@{held["hostname"]} (pid {held["pid"]}) at {since.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}";
        }
        catch (Exception e) when (e is JsonException or FormatException or NullReferenceException)
        {
            return $"\n  file://{file}?no_tmp_dir=true: {e.Message}";
        }
    }
}
