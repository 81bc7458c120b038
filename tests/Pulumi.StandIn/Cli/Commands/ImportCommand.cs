using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Clouds;
using Refresh.PulumiStandIn.Deployments;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Cli.Commands;

/// <summary><c>import TYPE NAME ID</c>: takes a VM that is there into the state.</summary>
internal static class ImportCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        if (arguments.Words is not [var type, var name, var id])
            throw new PulumiFailure("an inline import takes a type, a name and an id");
        using var session = new Session(Workspace.Of(arguments), arguments, "Importing", locks: true);
        var project = session.Workspace.Project.Name;
        var urn = $"urn:pulumi:{session.Stack}::{project}::{Types.Full(type)}::{name}";
        var failed = false;
        try
        {
            if (session.Snapshot.Find(urn) is not null)
                throw new CloudException($"resource '{name}' of type '{type}' already exists in the stack");
            var step = new Step("import", null, await FindAsync(session, urn, Types.Full(type), id));
            session.Watch(step, StepPhase.Begun);
            session.Snapshot.Put(step.New!);
            session.Save();
            session.Watch(step, StepPhase.Done);
            Warn(session, urn, name);
        }
        catch (CloudException e)
        {
            failed = true;
            session.Say(new("error", e.Message, urn));
            session.Say(new("error", "update failed"));
        }

        return session.End(isPreview: false, failed, null);
    }

    private static async Task<JsonObject> FindAsync(Session session, string urn, string type, string id)
    {
        if (type != Types.VirtualMachine)
            throw new CloudException($"the stand-in imports VMs only, not {type}");
        // The id is the inventory path: /DATACENTER/vm/FOLDER/NAME.
        var vm = await session.Cloud.FindByNameAsync(id.Split('/')[^1], CancellationToken.None)
            ?? throw new CloudException($"Preview failed: importing {urn}: 1 error occurred:\n\t* virtual machine \"{id}\" not found");
        var (inputs, outputs) = VirtualMachine.Imported(vm);
        var stack = session.Snapshot.Resources.First(resource => resource.Text("type") == Types.Stack).Text("urn");
        var provider = session.Snapshot.Resources.First(resource => resource.Text("type") == Types.Provider);
        return Resources.Dated(new JsonObject
        {
            ["urn"] = urn,
            ["custom"] = true,
            ["id"] = VCenter.Uuid(vm.Id!),
            ["type"] = type,
            ["inputs"] = inputs,
            ["outputs"] = outputs,
            ["parent"] = stack,
            ["provider"] = $"{provider.Text("urn")}::{provider.Text("id")}",
        });
    }

    private static void Warn(Session session, string urn, string name)
    {
        session.Say(new("warning", "One or more imported inputs failed to validate. This is almost certainly a bug in the `vsphere` provider. The import will still proceed, but you will need to edit the generated code after copying it into your program.", urn));
        foreach (var (property, allowed) in new[] { ("ioShareLevel", "[\"low\" \"normal\" \"high\" \"custom\"]"), ("diskSharing", "[\"sharingNone\" \"sharingMultiWriter\"]") })
            session.Say(new("warning", $"{Types.VirtualMachine} resource '{name}' has a problem: expected {property} to be one of {allowed}, got . Examine values at '{name}.disks[0].{property}'.", urn));
    }
}
