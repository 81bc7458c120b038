using System.CommandLine;
using Refresh.Lab.Commands;
using Refresh.Orchestrator.Application.Doctor;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Remote;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh doctor</c>: looks at everything that a run needs, and says what to do about what is wrong.</summary>
internal static class DoctorCommand
{
    private const int Patience = 15;

    public static Command Create()
    {
        var file = FleetArguments.File();
        var image = FleetArguments.Image();
        var timeout = new Option<int>("--timeout") { Description = "Seconds that each check may take.", DefaultValueFactory = _ => Patience }
            .Between(1, DoctorDocument.LongestCheck, _ => $"--timeout is 1 to {DoctorDocument.LongestCheck} seconds.");
        var command = new Command("doctor", "Check everything that a run needs, and say what to do about what is wrong; change nothing.") { file, image, timeout };
        command.Do(async (context, parsed, cancellation) =>
        {
            var allowed = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            var found = context.Server is { } server
                ? await server.DoctorAsync(await RemoteFleets.ChooseAsync(server, parsed, file, cancellation), parsed.GetValue(image), allowed, cancellation)
                : await LookAsync(context, parsed.GetRequiredValue(file), ImageChoice.Parse(parsed.GetValue(image)), allowed, cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(found);
            else
                DoctorText.Write(Screen.Of(context), found, context.Server?.Address);
            return found.Ok ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static async Task<DoctorDocument> LookAsync(CommandContext context, string path, ImageChoice? image, TimeSpan timeout, CancellationToken cancellation)
    {
        var read = await FleetFile.ReadAsync(path, cancellation);
        return await new Checkup(timeout, CommandContext.Clock).MakeAsync(FleetFileChecked.Of(path, read.Definition, read.Lines()), image, context.JournalAsync, ObserveAsync, cancellation);

        async Task<Examination> ObserveAsync(FleetDefinition definition, Func<FleetDefinition, Engine.RunPorts, IReadOnlyList<string>, Task<Examination>> look)
        {
            await using var adapters = await context.ObserversAsync(definition, cancellation);
            return await look(definition, adapters.Ports, adapters.Unknown);
        }
    }
}
