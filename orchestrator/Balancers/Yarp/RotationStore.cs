using System.Text.Json;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>Which members are out of rotation, on disk before it is so, so that neither a restart nor a crash lets one in.</summary>
internal sealed class RotationStore
{
    private readonly string _path;
    private readonly Lock _writing = new();
    private volatile Dictionary<string, Rotation> _out;

    /// <summary>Reads the file; without one every member is in rotation.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AdapterException">The file cannot be read: nothing is let in on a guess.</exception>
    public RotationStore(string path)
    {
        _path = Path.GetFullPath(path);
        _out = Read(_path);
    }

    private static JsonSerializerOptions Format { get; } = new()
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter<Rotation>() },
        WriteIndented = true,
    };

    /// <summary>Reads which members are out; changes nothing.</summary>
    /// <param name="path">The file; without one nobody is out.</param>
    /// <exception cref="AdapterException">The file cannot be read.</exception>
    public static Dictionary<string, Rotation> Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, Rotation>>(File.ReadAllText(path), Format) ?? [] : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(
                new Reason(
                    "balancer-state-unreadable",
                    $"The file {path}, which says which members are out of rotation, cannot be read: {e.Message}",
                    "restore it, or delete it if every member may get work; until then the balancer does not start"),
                e);
        }
    }

    /// <summary>What a member is set to.</summary>
    /// <param name="member">Its name.</param>
    public Rotation this[string member] => _out.GetValueOrDefault(member, Rotation.In);

    /// <summary>Sets a member, on disk first.</summary>
    /// <param name="member">Its name.</param>
    /// <param name="rotation">In, draining or out.</param>
    /// <exception cref="AdapterException">The file cannot be written; nothing was changed.</exception>
    public void Set(string member, Rotation rotation)
    {
        lock (_writing)
        {
            var next = new Dictionary<string, Rotation>(_out);
            if (rotation == Rotation.In)
                next.Remove(member);
            else
                next[member] = rotation;
            try
            {
                Write(JsonSerializer.SerializeToUtf8Bytes(next, Format));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new AdapterException(
                    new Reason(
                        "balancer-state-unwritten",
                        $"{member} stays {this[member]}: the file {_path} cannot be written: {e.Message}",
                        "make room or give the right to write there, then try again"),
                    e);
            }

            _out = next;
        }
    }

    /// <summary>Written beside, flushed to the disk, put in its place: the file is whole at any moment.</summary>
    private void Write(byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var beside = _path + ".new";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, _path, overwrite: true);
    }
}
