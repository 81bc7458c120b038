using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands.Bundles;

/// <summary>An evidence bundle that was written.</summary>
/// <param name="Run">The run.</param>
/// <param name="File">The file.</param>
/// <param name="SignedBy">The name of the key; null when it is not signed.</param>
/// <param name="Fingerprint">The key's fingerprint; null when it is not signed.</param>
internal sealed record WrittenEvidence(string Run, string File, string? SignedBy, string? Fingerprint)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string Text => SignedBy is null
        ? $"The evidence of run {Run} is in {File}. IT IS NOT SIGNED: name a key with --key, $REFRESH_EVIDENCE_KEY or the fleet file; refresh evidence key makes one."
        : $"The evidence of run {Run} is in {File}, signed by {SignedBy}, {Fingerprint}.";
}

/// <summary>Writes evidence bundles.</summary>
internal sealed class EvidenceFile(CommandContext context)
{
    public const string KeyVariable = "REFRESH_EVIDENCE_KEY";

    /// <summary>Writes the evidence of a run whole, or not at all.</summary>
    /// <exception cref="CommandFailure">There is no such key, or the file cannot be written.</exception>
    public async Task<WrittenEvidence> WriteAsync(string run, string file, string? key, bool replace, CancellationToken cancellation)
    {
        if (!replace && File.Exists(file))
            throw new CommandFailure(ExitCodes.Refused, "file-exists", $"{file} is there already, and was left as it is.", "Name another file with --output, or replace it with --force.");
        var journal = await context.JournalAsync(cancellation);
        var source = await journal.ReadAsync(run, 0, cancellation).Select(entry => (entry.Event as RunPlanned)?.Source).FirstOrDefaultAsync(cancellation);
        using var signing = await KeyAsync(key ?? Told() ?? (await SettingsAsync(source, cancellation))?.Key, cancellation);
        try
        {
            await SmallFile.WriteAsync(file, await EvidenceBundle.MakeAsync(journal, run, signing, CommandContext.User, CommandContext.Clock.GetUtcNow(), cancellation), cancellation);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new CommandFailure(ExitCodes.Refused, "evidence-unwritable", $"{file} cannot be written: {problem.Message}", $"Name another: refresh evidence export {run} --output FILE");
        }

        return new WrittenEvidence(run, Path.GetFullPath(file), signing?.Id, signing is null ? null : BundleCheckup.Fingerprint(signing.PublicKey));
    }

    /// <summary>Writes the evidence of a run that has ended, where the fleet file says or else beside the journal. That it cannot be written is told, and changes nothing of the run.</summary>
    /// <returns>What was written; null if nothing was.</returns>
    public async Task<WrittenEvidence?> AtEndAsync(Run run)
    {
        try
        {
            var directory = (await SettingsAsync(run.Source, CancellationToken.None))?.Directory ?? Path.Combine(Path.GetDirectoryName(context.JournalPath)!, "evidence");
            Directory.CreateDirectory(directory);
            return await WriteAsync(run.Id, Path.Combine(directory, run.Id + EvidenceBundle.Ending), null, replace: true, CancellationToken.None);
        }
        catch (Exception problem) when (problem is CommandFailure or JournalException or IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync($"The evidence of run {run.Id} was not written: {(problem as CommandFailure)?.Error.Message ?? problem.Message} The journal has it: refresh evidence export {run.Id}");
            return null;
        }
    }

    private static string? Told() => Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } told ? told : null;

    // A fleet file that is not there any more, or has mistakes, says nothing of keys.
    private static async Task<EvidenceSettings?> SettingsAsync(string? source, CancellationToken cancellation) =>
        source is null || !File.Exists(source) ? null : (await FleetFile.ReadAsync(source, cancellation)).Definition?.Evidence;

    private static async Task<SigningKey?> KeyAsync(string? file, CancellationToken cancellation)
    {
        if (file is null)
            return null;
        try
        {
            return await SmallFile.ReadAsync(file, SigningKey.Parse, cancellation);
        }
        catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Refused, "evidence-key-unusable", $"The key {file} cannot be used: {problem.Message}", "Name another with --key; refresh evidence key makes one. Nothing was written.");
        }
    }
}
