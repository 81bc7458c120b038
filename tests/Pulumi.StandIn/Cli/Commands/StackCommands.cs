using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Backends;
using Refresh.PulumiStandIn.Faults;
using Refresh.PulumiStandIn.Programs;
using Refresh.PulumiStandIn.Projects;

namespace Refresh.PulumiStandIn.Cli.Commands;

/// <summary><c>stack ...</c> and <c>cancel</c>.</summary>
internal static class StackCommands
{
    public static Task<int> List(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        var stacks = workspace.Backend.Stacks().Select(name => new JsonObject
        {
            ["name"] = name,
            ["current"] = name == workspace.Name,
            ["lastUpdate"] = File.GetLastWriteTimeUtc(workspace.Backend.StateFile(name)).ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["updateInProgress"] = false,
            ["resourceCount"] = new StateStore(workspace.Backend, name).Read(check: false).Resources.Count,
        });
        return Say(arguments.Has("json") ? Json.Indented(new JsonArray([.. stacks])) : "NAME\n" + string.Join('\n', workspace.Backend.Stacks()));
    }

    public static Task<int> Show(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        var stack = workspace.Stack;
        return Say(arguments.Has("show-name") ? stack : $"Current stack is {stack}:\n    Managed by {Environment.MachineName}\n    Pulumi version used: {PulumiVersion.Text}");
    }

    public static Task<int> Select(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        var name = (arguments.Words.Count > 0 ? arguments.Words[0] : workspace.Name)?.Split('/')[^1] ?? throw new PulumiFailure("no stack name given");
        if (!workspace.Backend.Has(name))
            throw new PulumiFailure($"no stack named '{name}' found", PulumiFailure.NoSuchStack);
        workspace.Select(name);
        return Task.FromResult(0);
    }

    public static Task<int> Init(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        var name = (arguments.Words.Count > 0 ? arguments.Words[0] : arguments.Value("stack"))?.Split('/')[^1] ?? throw new PulumiFailure("missing stack name");
        if (workspace.Backend.Has(name))
            throw new PulumiFailure($"stack '{workspace.Backend.QualifiedName(name)}' already exists");
        var config = StackConfig.Load(workspace.Project.ConfigFile(name), workspace.Project.Name);
        var salt = config.Open().Salt;
        config.Write();
        new StateStore(workspace.Backend, name).Write(Snapshot.Empty(new JsonObject { ["type"] = "passphrase", ["state"] = new JsonObject { ["salt"] = salt } }));
        if (!arguments.Has("no-select"))
            workspace.Select(name);
        return Say($"Created stack '{name}'");
    }

    public static Task<int> Remove(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        if (workspace.State.Read(check: false).Resources.Count > 0 && !arguments.Has("force"))
            throw new PulumiFailure($"'{workspace.Stack}' still has resources; removal rejected. Possible actions:\n- Make sure that '{workspace.Stack}' is the stack that you want to destroy");
        var stack = workspace.Stack;
        workspace.State.Delete();
        return Say($"Stack '{stack}' has been removed!");
    }

    public static Task<int> Output(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        if (workspace.Config is { Salt: not null } config)
            _ = config.Open();
        var outputs = workspace.State.Read(check: true).Resources.FirstOrDefault(resource => resource.Text("type") == Types.Stack)?["outputs"] as JsonObject ?? [];
        if (arguments.Words is not [var name, ..])
            return Say(arguments.Has("json") ? Json.Indented(outputs) : "Current stack outputs:\n" + string.Join('\n', outputs.Select(output => $"    {output.Key}  {Json.Line(output.Value)}")));
        if (!outputs.TryGetPropertyValue(name, out var value))
            throw new PulumiFailure($"current stack does not have output property '{name}'");
        return Say(arguments.Has("json") && value is not null ? Json.Indented(value) : value is JsonValue ? value.ToString() : Json.Line(value));
    }

    public static Task<int> Export(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        var text = Json.Wide(new JsonObject { ["version"] = 3, ["deployment"] = Json.Copy(workspace.State.Read(check: false).Deployment) });
        if (workspace.Faults.Befalls(StandInFaults.CutExport))
            text = text[..(text.Length / 2)];
        if (arguments.Value("file") is not { } file)
            return Say(text);
        File.WriteAllText(file, text + "\n");
        return Task.FromResult(0);
    }

    public static async Task<int> Import(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        var text = arguments.Value("file") is { } file ? await ReadAsync(file) : await Console.In.ReadToEndAsync();
        Snapshot snapshot;
        try
        {
            snapshot = new Snapshot(Json.Copy(JsonNode.Parse(text)!["deployment"]!.AsObject()));
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new PulumiFailure($"could not deserialize deployment: {e.Message}");
        }

        if (!arguments.Has("force"))
            snapshot.Check(workspace.Stack);
        using var held = StackLock.Take(workspace.Backend, workspace.Stack);
        workspace.State.Write(snapshot);
        return await Say("Import complete.");
    }

    public static Task<int> Cancel(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        var stack = arguments.Words.Count > 0 ? arguments.Words[0] : workspace.Stack;
        if (!arguments.Has("yes"))
            throw new PulumiFailure("--yes must be passed in to proceed when running in non-interactive mode");
        StackLock.Cancel(workspace.Backend, stack);
        return Say($"The currently running update for '{stack}' has been canceled!");
    }

    private static async Task<string> ReadAsync(string file) =>
        File.Exists(file) ? await File.ReadAllTextAsync(file) : throw new PulumiFailure($"could not open file: open {file}: no such file or directory");

    private static Task<int> Say(string text)
    {
        Console.WriteLine(text);
        return Task.FromResult(0);
    }
}
