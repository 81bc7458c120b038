using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh validate</c>: every mistake of a fleet file at its place, or what the file describes.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var file = FleetArguments.File();
        var schema = new Option<bool>("--schema") { Description = "Print the JSON Schema of fleet files, for editors." };
        var command = new Command("validate", "Check a fleet file; nothing else is read.") { file, schema };
        command.Do(async (context, parsed, cancellation) =>
        {
            if (parsed.GetValue(schema))
            {
                await context.Output.WriteAsync(FleetSchema.Text);
                return ExitCodes.Done;
            }

            var result = await FleetFile.ReadAsync(parsed.GetRequiredValue(file), cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(Document(result));
            else
                Show(Screen.Of(context), result);
            return result.IsGood ? ExitCodes.Done : ExitCodes.Invalid;
        });
        return command;
    }

    private static object Document(FleetFileResult result) => new
    {
        File = result.Path,
        Valid = result.IsGood,
        Fleet = result.Definition?.Fleet.Name,
        Pairs = result.Definition?.Fleet.Pairs.Count,
        Members = result.Definition?.Fleet.Members().Count(),
        Image = result.Definition is { } definition ? Written(definition.Image) : null,
        result.Mistakes,
    };

    private static void Show(Screen screen, FleetFileResult result)
    {
        foreach (var line in result.Lines())
            screen.Line(line, Shade.Bad);
        if (!result.IsGood)
        {
            screen.Line($"{Counted.Of(result.Mistakes.Count, "mistake")}; the format is explained in docs/fleet-file.md.");
            return;
        }

        screen.Line($"{result.Path} is a good fleet file.", Shade.Good);
        screen.Table(["", ""], [.. Describe(result.Definition)]);
        screen.Line("It was not compared with the world: `refresh doctor` does that.");
    }

    private static IEnumerable<Cell[]> Describe(FleetDefinition definition)
    {
        var fleet = definition.Fleet;
        yield return ["  fleet", $"{fleet.Name}: {Counted.Of(fleet.Pairs.Count, "pair")}, {fleet.Members().Count()} members"];
        yield return ["  image", $"{Written(definition.Image)} from {definition.Images.Directory}"];
        yield return ["  balancer", Balancer(definition.Balancer)];
        yield return ["  provisioner", Provisioner(definition.Provisioner)];
        yield return ["  order", Order(fleet.Policy)];
        yield return ["  stops", Budget(fleet.Policy.FailureBudget)];
        if (fleet.Policy.ApprovalRequired)
            yield return ["  approval", "a person approves each run"];
    }

    private static string Written(ImageChoice image) => image.Version is null ? $"{image.Name} (its newest build)" : $"{image.Name}@{image.Version}";

    private static string Balancer(BalancerSettings balancer) => balancer switch
    {
        HAProxySettings haproxy => $"HAProxy at {string.Join(", ", haproxy.Sockets.Select(node => node.Admin))}",
        YarpSettings yarp => $"embedded, listening on {yarp.Listen}",
        _ => balancer.GetType().Name,
    };

    private static string Provisioner(ProvisionerSettings provisioner) => provisioner switch
    {
        LabSettings lab => $"the lab at {lab.Url}",
        PulumiSettings pulumi => $"Pulumi: the program in {pulumi.Project}, a stack for each pair",
        _ => provisioner.GetType().Name,
    };

    private static string Order(RefreshPolicy policy)
    {
        var canary = policy.Canary.Pairs > 0 ? $"{Counted.Of(policy.Canary.Pairs, "pair")} first as canary, watched for {Durations.InWords(policy.Canary.Bake)}; then " : string.Empty;
        var waves = policy.Waves.Size > 0 ? $"waves of {Counted.Of(policy.Waves.Size, "pair")}" : "all the rest";
        return $"{canary}{waves}, at most {Counted.Of(policy.Waves.MaxPairsAtOnce, "pair")} at once, one member of a pair at a time";
    }

    private static string Budget(FailureBudget budget) => budget is { Pairs: 0, Members: 0 }
        ? "at the first failure"
        : $"at more than {Counted.Of(budget.Pairs, "pair")} frozen or more than {Counted.Of(budget.Members, "member")} failed, and at any failure of a canary";
}
