using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

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
        var yes = Question.Yes();
        var gates = GateOptions.Override();
        var reason = GateOptions.Reason();
        var queue = new Option<bool>("--queue") { Description = "With --server: wait for the fleet's other run, if it has one." };
        var detach = RemoteCommands.Detach();
        var command = new Command("run", "Refresh a fleet: rebuild every member that is not current, one of a pair at a time.") { file, image, why, outside, yes, gates, reason, queue, detach };
        command.Validators.Add(result =>
        {
            if (result.GetValue(outside) && string.IsNullOrWhiteSpace(result.GetValue(why)))
                result.AddError("--outside-windows needs --why: the journal and the report keep the reason.");
        });
        RemoteCommands.ForElsewhere(command, queue, detach);
        command.Do((context, parsed, cancellation) => context.Server is { } server
            ? new RemoteCommands(context, server).RunAsync(
                new StartBody(RemoteFleets.Named(parsed, file) ?? string.Empty, parsed.GetValue(image), parsed.GetRequiredValue(why), parsed.GetValue(queue) ? IfBusy.Queue : IfBusy.Refuse, parsed.GetValue(outside), RemoteCommands.Overrides(parsed, gates, reason)),
                parsed.GetValue(yes), parsed.GetValue(detach), cancellation)
            : RunAsync(
                context, parsed.GetRequiredValue(file), ImageChoice.Parse(parsed.GetValue(image)), parsed.GetRequiredValue(why), parsed.GetValue(outside), parsed.GetValue(yes), GateOptions.Read(parsed, gates, reason), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string file, ImageChoice? image, string why, bool outside, bool yes, IReadOnlyList<GateOverride> overrides, CancellationToken cancellation)
    {
        var definition = await CommandContext.FleetAsync(file, cancellation);
        await using var adapters = await context.AdaptersAsync(definition, cancellation);
        var planned = (await FleetSurvey.PlanAsync(definition, image, adapters.Ports, cancellation, overrides)) with { OutsideWindows = outside };
        Refuse(planned);
        if (planned.Plan.Rebuilds() == 0)
            return await NothingToDoAsync(context, PlanDocument.Of(planned, []));
        await AskAsync(context, PlanDocument.Of(planned, []), yes, cancellation);

        var runs = await context.RunsAsync(cancellation);
        var conduct = new Conduct(context, runs);
        Workflows.Runs.Run run;
        await using (var view = conduct.View())
        {
            var session = await runs.BeginAsync(planned, adapters.Ports, new Asker(CommandContext.User, why), view, cancellation);
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

    /// <summary>Says that there is nothing to do.</summary>
    internal static async Task<int> NothingToDoAsync(CommandContext context, PlanDocument plan)
    {
        await context.Output.WriteLineAsync(context.Json
            ? new JsonObject { ["fleet"] = plan.Fleet, ["image"] = plan.Image.Ref.Label, ["state"] = "NothingToDo", ["members"] = plan.Members }.ToJsonString(JsonSerializerOptions.Web)
            : plan.Left.ToList() is { Count: > 0 } left ? $"Nothing to do: {Counted.Of(left.Count, "member is", "members are")} left as {(left.Count == 1 ? "it is" : "they are")}. {string.Join(". ", left.Select(member => $"{member.Id}: {member.Why}"))}."
            : $"Nothing to do: all {plan.Members} members of {plan.Fleet} were seen to run {plan.Image.Ref.Label} and to serve.");
        return ExitCodes.Done;
    }

    /// <summary>Asks whether a plan may be carried out; ends the command if not.</summary>
    internal static async Task AskAsync(CommandContext context, PlanDocument plan, bool yes, CancellationToken cancellation)
    {
        if (yes)
            return;
        var question = new Question($"This would rebuild {Counted.Of(plan.Rebuilds, "member")} of {plan.Fleet}", "; `refresh plan` shows what it would do", "Begin?", "Not begun, and nothing was touched.");
        if (Terminal.CanAsk && !context.Json)
            await context.Output.WriteLineAsync($"{plan.Rebuilds} of {plan.Members} members of {plan.Fleet} will be rebuilt from {plan.Image.Ref.Label}, in {Counted.Of(plan.Waves.Count, "wave")}, at most {Counted.Of(plan.MaxPairsAtOnce, "pair")} at once.");
        await question.AskAsync(cancellation);
    }
}
