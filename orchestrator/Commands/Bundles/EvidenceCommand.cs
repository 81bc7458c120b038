using System.CommandLine;
using System.Text;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Remote;

namespace Refresh.Orchestrator.Commands.Bundles;

/// <summary><c>refresh evidence</c>: signed bundles that prove what a run did, and their check.</summary>
internal static class EvidenceCommand
{
    public static Command Create() => new("evidence", "Write down what a run did, signed, for an auditor; check such a bundle offline.") { Key(), Export(), EvidenceVerify.Create() };

    private static Command Key()
    {
        var output = new Option<string>("--output") { Description = "The new file for the private key; its owner alone may read it. The public key goes into FILE.pub.", Required = true };
        var id = new Option<string>("--id") { Description = "The key's name.", DefaultValueFactory = _ => EvidenceKey.DefaultId };
        var command = new Command("key", "Make a key that signs evidence.") { output, id };
        command.Do(async (context, parsed, cancellation) =>
        {
            var file = parsed.GetRequiredValue(output);
            using var key = await EvidenceKey.MakeAsync(file, parsed.GetRequiredValue(id), CommandContext.Clock.GetUtcNow(), cancellation);
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
        var key = new Option<string?>("--key") { Description = "The file with the private key that signs; otherwise $REFRESH_EVIDENCE_KEY, otherwise the fleet file's, otherwise one that is made beside the journal." };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there." };
        var command = new Command("export", "Write the evidence of a run to one file.") { run, output, key, force };
        command.Do(async (context, parsed, cancellation) =>
        {
            if (context.Server is not null && parsed.GetValue(key) is not null)
                throw new CommandFailure(ExitCodes.Usage, "key-is-the-workers", "With --server the worker signs with its own key, and --key cannot be given.");
            var id = await RunChoice.FindAsync(await context.ReadingAsync(cancellation), parsed.GetValue(run), cancellation);
            var file = parsed.GetValue(output) ?? id + EvidenceBundle.Ending;
            if (File.Exists(file) && !parsed.GetValue(force))
                throw new CommandFailure(ExitCodes.Refused, "file-exists", $"{file} is there already, and was left as it is.", "Name another file with --output, or replace it with --force.");
            var written = context.Server is { } server
                ? await FetchAsync(server, id, file, cancellation)
                : await new RunEvidence(await context.JournalAsync(cancellation), CommandContext.Clock).WriteAsync(id, file, parsed.GetValue(key), CommandContext.User, cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(written);
            else
                Lines(Screen.Of(context), written.Text);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<WrittenEvidence> FetchAsync(RemoteServer server, string run, string file, CancellationToken cancellation)
    {
        var bundle = Encoding.UTF8.GetBytes(await server.GetTextAsync($"v1/runs/{Uri.EscapeDataString(run)}/evidence/bundle", cancellation));
        try
        {
            return await WrittenEvidence.WriteAsync(run, file, bundle, Envelope.Read(bundle).Signatures is [var by, ..] ? new EvidenceSigner(by.KeyId, by.PublicKey) : throw new FormatException("it is not signed"), cancellation);
        }
        catch (FormatException strange)
        {
            throw new CommandFailure(ExitCodes.Refused, "evidence-strange", $"What {server.Address} answers is no evidence, and nothing was written: {strange.Message}.");
        }
    }

    private static void Lines(Screen screen, params string[] lines)
    {
        foreach (var line in lines)
            screen.Line(line);
    }
}
