using System.CommandLine;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images.Signing;

namespace Refresh.Orchestrator.Commands.Bundles;

/// <summary><c>refresh evidence</c>: signed bundles that prove what a run did, and their check.</summary>
internal static class EvidenceCommand
{
    public static Command Create() => new("evidence", "Write down what a run did, signed, for an auditor; check such a bundle offline.") { Key(), Export(), EvidenceVerify.Create() };

    private static Command Key()
    {
        var output = new Option<string>("--output") { Description = "The new file for the private key; its owner alone may read it. The public key goes into FILE.pub.", Required = true };
        var id = new Option<string>("--id") { Description = "The key's name.", DefaultValueFactory = _ => "evidence" };
        var command = new Command("key", "Make a key that signs evidence.") { output, id };
        command.Do(async (context, parsed, cancellation) =>
        {
            var file = parsed.GetRequiredValue(output);
            using var key = SigningKey.Create(parsed.GetRequiredValue(id));
            if (File.Exists($"{file}.pub"))
                throw new CommandFailure(ExitCodes.Refused, "file-exists", $"{file}.pub is there already, and was left as it is.", "Name another file with --output.");
            var ring = await KeyRing.OpenAsync($"{file}.pub", cancellation);
            ring.Add(key.Id, key.PublicKey, CommandContext.Clock.GetUtcNow(), null);
            await KeyRing.WriteAsync(key, file, cancellation);
            await ring.SaveAsync(cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(new { key.Id, PublicKey = Convert.ToBase64String(key.PublicKey), Fingerprint = BundleCheckup.Fingerprint(key.PublicKey), Private = Path.GetFullPath(file), Public = Path.GetFullPath($"{file}.pub") });
            else
                Lines(Screen.Of(context), $"Made key {key.Id}, {BundleCheckup.Fingerprint(key.PublicKey)}.", $"  private: {file}; keep it from everybody but the workers", $"  public:  {file}.pub, or {Convert.ToBase64String(key.PublicKey)}; give it to the auditor by another way than the evidence");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Export()
    {
        var run = FleetArguments.Run();
        var output = new Option<string?>("--output") { Description = "The file to write; otherwise RUN.evidence.json." };
        var key = new Option<string?>("--key") { Description = "The file with the private key that signs; otherwise $REFRESH_EVIDENCE_KEY, otherwise the fleet file's." };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there." };
        var command = new Command("export", "Write the evidence of a run to one file.") { run, output, key, force };
        command.Do(async (context, parsed, cancellation) =>
        {
            var id = await RunChoice.FindAsync(await context.JournalAsync(cancellation), parsed.GetValue(run), cancellation);
            var file = parsed.GetValue(output) ?? id + EvidenceBundle.Ending;
            var written = await new EvidenceFile(context).WriteAsync(id, file, parsed.GetValue(key), parsed.GetValue(force), cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(written);
            else
                Lines(Screen.Of(context), written.Text);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Lines(Screen screen, params string[] lines)
    {
        foreach (var line in lines)
            screen.Line(line);
    }
}
