using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh plan</c>: what a run would do, in what order, and what it needs. Changes nothing.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var file = FleetArguments.File();
        var image = FleetArguments.Image();
        var gates = GateOptions.Override();
        var reason = GateOptions.Reason();
        var command = new Command("plan", "Show what a run would do, in what order, how long it takes and what it needs; change nothing.") { file, image, gates, reason };
        command.Do(async (context, parsed, cancellation) =>
        {
            var (told, wanted) = (parsed.GetRequiredValue(file), parsed.GetValue(image));
            var plan = context.Server is { } server
                ? await new RemoteCommands(context, server).PlanAsync(new PlanBody(RemoteFleets.Named(parsed, file) ?? string.Empty, wanted, null, RemoteCommands.Overrides(parsed, gates, reason)), cancellation)
                : await PlanAsync(context, told, wanted, GateOptions.Read(parsed, gates, reason), cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(plan);
            else
                new PlanText(Screen.Of(context), plan, CommandContext.Clock.GetUtcNow()).Write(Begin(context.Server is { } there ? $"--server {there.Address} {plan.Fleet}" : told, wanted));
            return plan.Obstacles.Count == 0 ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static async Task<PlanDocument> PlanAsync(CommandContext context, string file, string? image, IReadOnlyList<GateOverride> overrides, CancellationToken cancellation)
    {
        var definition = await CommandContext.FleetAsync(file, cancellation);
        await using var adapters = await context.ObserversAsync(definition, cancellation);
        return PlanDocument.Of(await FleetSurvey.PlanAsync(definition, ImageChoice.Parse(image), adapters.Ports, cancellation, overrides), adapters.Unknown);
    }

    private static string Begin(string file, string? image) => $"refresh run {file}{(image is null ? string.Empty : $" --image {image}")}";
}
