using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Backends;

namespace Refresh.PulumiStandIn.Cli.Commands;

/// <summary><c>state delete|taint|untaint URN</c>.</summary>
internal static class StateCommands
{
    public static Task<int> Delete(Arguments arguments) => EditAsync(arguments, (snapshot, resource) =>
    {
        var urn = resource.Text("urn")!;
        var dependents = Dependents(snapshot, urn);
        if (dependents.Count > 0 && !arguments.Has("target-dependents"))
            throw new PulumiFailure($"This resource can't be safely deleted because the following resources depend on it:{string.Concat(dependents.Select(one => $"\n * \"{one[(one.LastIndexOf(':') + 1)..]}\" ({one})"))}\n\nDelete those resources first or pass --target-dependents.");
        foreach (var gone in dependents.AsEnumerable().Reverse().Append(urn))
            snapshot.Remove(gone);
        return "Resource deleted";
    });

    public static Task<int> Taint(Arguments arguments, bool taint) => EditAsync(arguments, (_, resource) =>
    {
        if (taint)
            resource["taint"] = true;
        else
            resource.Remove("taint");
        return taint ? "Resource tainted" : "Resource untainted";
    });

    private static Task<int> EditAsync(Arguments arguments, Func<Snapshot, JsonObject, string> edit)
    {
        var workspace = Workspace.Of(arguments);
        var stack = workspace.Stack;
        using var held = StackLock.Take(workspace.Backend, stack);
        var snapshot = workspace.State.Read(check: true);
        var urn = arguments.Words.Count > 0 ? arguments.Words[0] : throw new PulumiFailure("Must supply <resource URN> unless pulumi is run interactively");
        var resource = snapshot.Find(urn) ?? throw new PulumiFailure($"No such resource \"{urn}\" exists in the current state");
        var said = edit(snapshot, resource);
        workspace.State.Write(snapshot);
        Console.WriteLine(said);
        return Task.FromResult(0);
    }

    private static List<string> Dependents(Snapshot snapshot, string urn) =>
        [.. snapshot.Resources.Where(resource => resource["dependencies"] is JsonArray list && list.Any(one => one!.GetValue<string>() == urn)).Select(resource => resource.Text("urn")!)];
}
