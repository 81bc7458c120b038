using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Clouds;
using Refresh.PulumiStandIn.Deployments;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Cli.Commands;

/// <summary><c>refresh</c>: takes over into the state what the cloud says.</summary>
internal static class RefreshCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        using var session = new Session(Workspace.Of(arguments), arguments, "Refreshing", locks: true);
        session.Events.Prelude(session.ShownConfig);
        var targets = arguments.Values("target").ToHashSet();
        var failed = false;
        var seen = new List<(string Urn, JsonObject? Now)>();
        foreach (var old in session.Snapshot.Resources.Where(resource => resource.Text("provider") is not null && (targets.Count == 0 || targets.Contains(resource.Text("urn")!))))
            failed |= !await ReadAsync(session, old, seen);
        if (!failed)
        {
            foreach (var (urn, now) in seen)
                Take(session, urn, now);
            if (arguments.Has("clear-pending-creates"))
                session.Snapshot.ForgetPendingCreates();
            foreach (var resource in session.Snapshot.Resources)
                ForgetUses(resource);
            session.Save();
        }

        session.Workspace.State.BackUp();
        return session.End(isPreview: false, failed, null);
    }

    private static async Task<bool> ReadAsync(Session session, JsonObject old, List<(string Urn, JsonObject? Now)> seen)
    {
        var step = new Step("refresh", old, Json.Copy(old));
        session.Watch(step, StepPhase.Begun);
        try
        {
            var now = await NowAsync(session.Cloud, old);
            seen.Add((step.Urn, now));
            session.Changes.Add(new Step(now is null ? "delete" : Json.Line(now["outputs"]) == Json.Line(old["outputs"]) ? "same" : "update", old, now));
            session.Watch(step with { New = now ?? step.New }, StepPhase.Done);
            return true;
        }
        catch (CloudException e)
        {
            session.Watch(step, StepPhase.Failed);
            session.Say(new("error", $"Preview failed: refreshing {step.Urn}: 1 error occurred:\n\t* {e.Message}\n\n", step.Urn));
            return false;
        }
    }

    private static async Task<JsonObject?> NowAsync(VCenter cloud, JsonObject old)
    {
        // What waits for its replacement is never read.
        if (old["pendingReplacement"]?.GetValue<bool>() == true)
            return old;
        await cloud.ConnectAsync(CancellationToken.None);
        if (old.Text("type") == Types.Rule)
        {
            foreach (var id in old["outputs"]!["virtualMachineIds"]!.AsArray())
                if (await cloud.FindAsync(id!.GetValue<string>(), CancellationToken.None) is null)
                    throw new CloudException($"cannot locate virtual machine with UUID \"{id}\": virtual machine with UUID \"{id}\" not found");
            return old;
        }

        if (old.Text("type") != Types.VirtualMachine)
            return old;
        if (await cloud.FindAsync(old.Text("id")!, CancellationToken.None) is not { } vm)
            return null;
        var now = Json.Copy(old);
        now["outputs"] = VirtualMachine.Observed(old["outputs"]!.AsObject(), vm);
        now.Remove("initErrors");
        return now;
    }

    /// <summary>A refresh writes properties that are made from nothing no more.</summary>
    private static void ForgetUses(JsonObject resource)
    {
        if (resource["propertyDependencies"] is not JsonObject uses)
            return;
        foreach (var (key, _) in uses.Where(use => use.Value is JsonArray { Count: 0 }).ToList())
            uses.Remove(key);
        if (uses.Count == 0)
            resource.Remove("propertyDependencies");
    }

    private static void Take(Session session, string urn, JsonObject? now)
    {
        if (now is null)
            session.Snapshot.Remove(urn);
        else
            session.Snapshot.Put(now);
    }
}
