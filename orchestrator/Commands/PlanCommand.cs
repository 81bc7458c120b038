using System.CommandLine;
using Refresh.Orchestrator.Application;

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
            var definition = await CommandContext.FleetAsync(parsed.GetRequiredValue(file), cancellation);
            await using var adapters = await context.ObserversAsync(definition, cancellation);
            var planned = await FleetSurvey.PlanAsync(definition, FleetArguments.Parse(parsed.GetValue(image)), adapters.Ports, cancellation, GateOptions.Read(parsed, gates, reason));
            if (context.Json)
                await context.Output.WriteJsonAsync(PlanDocument.Of(planned, adapters.Unknown));
            else
                new PlanText(Screen.Of(context), planned, adapters.Unknown).Write(Begin(parsed.GetRequiredValue(file), parsed.GetValue(image)));
            return planned.Obstacles.Count == 0 ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static string Begin(string file, string? image) => $"refresh run {file}{(image is null ? string.Empty : $" --image {image}")}";
}
