using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Trust;
using Spectre.Console;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh run</c>: refreshes a fleet.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = FleetArguments.File();
        var image = FleetArguments.Image();
        var why = new Option<string>("--why") { Description = "Why, for the journal and the report.", DefaultValueFactory = _ => string.Empty };
        var outside = new Option<bool>("--outside-windows") { Description = "Do not wait for a patch window; --why must say why." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask before it begins." };
        var gates = GateOptions.Override();
        var reason = GateOptions.Reason();
        var command = new Command("run", "Refresh a fleet: rebuild every member that is not current, one of a pair at a time.") { file, image, why, outside, yes, gates, reason };
        command.Validators.Add(result =>
        {
            if (result.GetValue(outside) && string.IsNullOrWhiteSpace(result.GetValue(why)))
                result.AddError("--outside-windows needs --why: the journal and the report keep the reason.");
        });
        command.Do((context, parsed, cancellation) => RunAsync(
            context, parsed.GetRequiredValue(file), FleetArguments.Parse(parsed.GetValue(image)), parsed.GetRequiredValue(why), parsed.GetValue(outside), parsed.GetValue(yes), GateOptions.Read(parsed, gates, reason), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string file, ImageChoice? image, string why, bool outside, bool yes, IReadOnlyList<GateOverride> overrides, CancellationToken cancellation)
    {
        var definition = await CommandContext.FleetAsync(file, cancellation);
        await using var adapters = await context.AdaptersAsync(definition, cancellation);
        var planned = (await FleetSurvey.PlanAsync(definition, image, adapters.Ports, cancellation, overrides)) with { OutsideWindows = outside };
        Refuse(planned);
        if (planned.Plan.Rebuilds() == 0)
            return await NothingToDoAsync(context, planned);
        await AskAsync(context, planned, yes, cancellation);

        var runs = await context.RunsAsync(cancellation);
        var conduct = new Conduct(context, runs);
        Workflows.Runs.Run run;
        await using (var view = conduct.View())
        {
            var session = await runs.BeginAsync(planned, adapters.Ports, CommandContext.User, why, view, cancellation);
            run = await conduct.WorkAsync(session, view);
        }

        return await conduct.EndAsync(run);
    }

    /// <summary>Ends the command when something stands in the way of a run.</summary>
    internal static void Refuse(PlannedRun planned)
    {
        if (planned.Obstacles.Count > 0)
            throw new CommandFailure(CommandError.Of(ExitCodes.Refused, "fleet-not-ready", $"Fleet {planned.Fleet.Name} cannot be refreshed as it is, and nothing was touched.") with { Where = planned.Source, Reasons = planned.Obstacles });
    }

    private static async Task<int> NothingToDoAsync(CommandContext context, PlannedRun planned)
    {
        await context.Output.WriteLineAsync(context.Json
            ? new JsonObject { ["fleet"] = planned.Fleet.Name, ["image"] = planned.Image.Ref.Label, ["state"] = "NothingToDo", ["members"] = planned.Observed.Count }.ToJsonString(JsonSerializerOptions.Web)
            : $"Nothing to do: all {planned.Observed.Count} members of {planned.Fleet.Name} were seen to run {planned.Image.Ref.Label} and to serve.");
        return ExitCodes.Done;
    }

    private static async Task AskAsync(CommandContext context, PlannedRun planned, bool yes, CancellationToken cancellation)
    {
        if (yes)
            return;
        if (!Terminal.CanAsk)
            throw new CommandFailure(ExitCodes.Usage, "not-confirmed", $"This would rebuild {planned.Plan.Rebuilds()} members of {planned.Fleet.Name}, and there is no terminal to ask at.", "Add --yes if that is wanted; `refresh plan` shows what it would do.");
        await context.Output.WriteLineAsync($"{planned.Plan.Rebuilds()} of {planned.Observed.Count} members of {planned.Fleet.Name} will be rebuilt from {planned.Image.Ref.Label}, in {planned.Plan.Waves.Count} waves, at most {planned.Fleet.Policy.Waves.MaxPairsAtOnce} pairs at once.");
        if (!await AnsiConsole.ConfirmAsync("Begin?", false, cancellation))
            throw new CommandFailure(ExitCodes.Refused, "not-confirmed", "Not begun, and nothing was touched.");
    }
}
