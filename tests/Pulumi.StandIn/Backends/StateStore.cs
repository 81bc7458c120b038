using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Cli;

namespace Refresh.PulumiStandIn.Backends;

/// <summary>The state file of one stack: replaced in one step, the last one kept beside it.</summary>
internal sealed class StateStore(Backend backend, string stack)
{
    private string StateFile => backend.StateFile(stack);

    public Snapshot Read(bool check)
    {
        if (!backend.Has(stack))
            throw new PulumiFailure($"no stack named '{stack}' found", PulumiFailure.NoSuchStack);
        try
        {
            var snapshot = new Snapshot(JsonNode.Parse(File.ReadAllText(StateFile))!["checkpoint"]!["latest"]!.AsObject());
            if (check)
                snapshot.Check(stack);
            return snapshot;
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new PulumiFailure($"failed to load checkpoint: unmarshalling {StateFile}: {e.Message}");
        }
    }

    public void Write(Snapshot snapshot)
    {
        snapshot.Stamp();
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        var next = StateFile + ".next";
        File.WriteAllText(next, Json.Wide(new JsonObject
        {
            ["version"] = 3,
            ["checkpoint"] = new JsonObject { ["stack"] = backend.QualifiedName(stack), ["latest"] = Json.Copy(snapshot.Deployment) },
        }));
        if (File.Exists(StateFile))
            File.Copy(StateFile, StateFile + ".bak", overwrite: true);
        File.Move(next, StateFile, overwrite: true);
    }

    /// <summary>Keeps a copy under the time of day, as after every update.</summary>
    public void BackUp()
    {
        Directory.CreateDirectory(backend.BackupDirectory(stack));
        var name = string.Create(CultureInfo.InvariantCulture, $"{stack}.{(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100}.json");
        File.Copy(StateFile, Path.Combine(backend.BackupDirectory(stack), name), overwrite: true);
    }

    public void Delete()
    {
        File.Delete(StateFile);
        File.Delete(StateFile + ".bak");
    }
}
