using System.CommandLine;
using Refresh.Orchestrator.Commands.Doctor;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh doctor</c>: looks at everything that a run needs, and says what to do about what is wrong.</summary>
internal static class DoctorCommand
{
    private const int Patience = 15;

    public static Command Create()
    {
        var file = FleetArguments.File();
        var image = FleetArguments.Image();
        var timeout = new Option<int>("--timeout") { Description = "Seconds that each check may take.", DefaultValueFactory = _ => Patience };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3600)
                result.AddError("--timeout is 1 to 3600 seconds.");
        });
        var command = new Command("doctor", "Check everything that a run needs, and say what to do about what is wrong; change nothing.") { file, image, timeout };
        command.Do(async (context, parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            var read = await FleetFile.ReadAsync(path, cancellation);
            List<Finding> findings = read.IsGood
                ? [Finding.Ok("fleet file", $"{path} is good: fleet {read.Definition.Fleet.Name}, {Counted.Of(read.Definition.Fleet.Pairs.Count, "pair")}")]
                : [.. read.Lines().Select(line => Finding.Wrong("fleet file", line, "correct it; `refresh validate` checks it alone"))];
            var allowed = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            var examination = await ExamineAsync(context, read.Definition, ImageChoice.Parse(parsed.GetValue(image)), allowed, findings, cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(DoctorDocument.Of(path, read.Definition, findings, examination));
            else
                DoctorText.Write(Screen.Of(context), findings);
            return findings.Exists(finding => finding.Level == FindingLevel.Wrong) ? ExitCodes.Refused : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<Examination?> ExamineAsync(CommandContext context, FleetDefinition? definition, ImageChoice? image, TimeSpan timeout, List<Finding> findings, CancellationToken cancellation)
    {
        var bounded = new Bounded(timeout, CommandContext.Clock);
        var journal = await bounded.CheckAsync("journal", async token => await JournalCheck.LookAsync(await context.JournalAsync(token), token), cancellation);
        findings.AddRange(journal);
        if (definition is null || journal.Any(finding => finding.Level == FindingLevel.Wrong))
        {
            findings.Add(Finding.Warning("the rest", "image, balancer, provisioner and members were not looked at", "put right what is wrong above, then ask again"));
            return null;
        }

        try
        {
            await using var adapters = await context.ObserversAsync(definition, cancellation);
            var examination = await new FleetDoctor(definition, image ?? definition.Image, adapters, timeout).ExamineAsync(cancellation);
            findings.AddRange(examination.Findings);
            return examination;
        }
        catch (AdapterException failure)
        {
            findings.Add(Finding.Wrong("adapters", failure.Reason));
            return null;
        }
    }
}
