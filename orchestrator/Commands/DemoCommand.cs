using System.CommandLine;
using Refresh.Lab.Client;
using Refresh.Lab.Commands;
using Refresh.Orchestrator.Demo;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh demo</c>: the main job on this machine.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var pairs = new Option<int>("--pairs") { Description = "Pairs of VMs, 1 to 50.", DefaultValueFactory = _ => 4 }
            .Between(1, 50, _ => "--pairs can be 1 to 50.");
        var balancer = new Option<DemoBalancer>("--balancer") { Description = "What stands in front: HAProxy where it is installed, otherwise YARP." };
        var provisioner = new Option<DemoProvisioner>("--provisioner") { Description = "What replaces the VMs: the lab itself, or the pulumi on PATH." };
        var fail = new Option<LabFaultKind?>("--fail")
        {
            HelpName = "kind",
            Description = $"Let the rebuild of one member go wrong: {string.Join(", ", LabFaults.Words)}.",
            CustomParser = result =>
            {
                if (LabFaults.Parse(result.Tokens[0].Value) is { } kind)
                    return kind;
                result.AddError($"'{result.Tokens[0].Value}' is none of {string.Join(", ", LabFaults.Words)}.");
                return null;
            },
        };
        fail.CompletionSources.Clear();
        fail.CompletionSources.Add([.. LabFaults.Words]);
        var directory = new Option<string>("--dir") { Description = "Where the lab, the fleet file, the journal and the report go; what an earlier demo left there is removed.", DefaultValueFactory = _ => DemoOptions.DefaultDirectory };
        var command = new Command("demo", "Refresh a fleet of real processes on this machine, under load, and prove it.") { pairs, balancer, provisioner, fail, directory };
        command.Do(
            parsed => Path.Combine(parsed.GetRequiredValue(directory), "journal.db"),
            (context, parsed, cancellation) => new Demonstration(context, new DemoOptions(
                parsed.GetRequiredValue(directory), parsed.GetValue(pairs), parsed.GetValue(balancer), parsed.GetValue(fail))
            { Provisioner = parsed.GetValue(provisioner) }).PlayAsync(cancellation));
        return command;
    }
}
