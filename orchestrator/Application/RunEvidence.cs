using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Application;

/// <summary>The evidence of runs: who signs it, and where it goes when a run ends.</summary>
internal sealed class RunEvidence(SqliteRunJournal journal, TimeProvider clock)
{
    /// <summary>The environment variable that names the key, in place of fleet files.</summary>
    public const string KeyVariable = "REFRESH_EVIDENCE_KEY";

    /// <summary>Where evidence goes, and where the journal's own key is, unless somebody says otherwise.</summary>
    private string Beside => Path.Combine(journal.Database.Folder, "evidence");

    /// <summary>Makes the bundle of a run, signed.</summary>
    /// <param name="run">The run; one that goes on has evidence so far.</param>
    /// <param name="key">The file with the key; null for the one that is set up.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AdapterException">The key cannot be used, or the bundle would be too long.</exception>
    public async Task<(byte[] Bundle, EvidenceSigner Signer)> MakeAsync(string run, string? key, string by, CancellationToken cancellation)
    {
        using var signing = await KeyAsync(key ?? Told() ?? (await SettingsAsync(run, cancellation))?.Key, cancellation);
        return await MakeAsync(run, signing, by, cancellation);
    }

    /// <summary>Writes the bundle of a run into a file, whole or not at all.</summary>
    /// <exception cref="AdapterException">The key cannot be used, or the file cannot be written.</exception>
    public async Task<WrittenEvidence> WriteAsync(string run, string file, string? key, string by, CancellationToken cancellation)
    {
        var (bundle, signer) = await MakeAsync(run, key, by, cancellation);
        return await WrittenEvidence.WriteAsync(run, file, bundle, signer, cancellation);
    }

    /// <summary>Writes the bundle of a run that has ended where such bundles go, in place of one that was written before.</summary>
    /// <param name="run">The run.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="unlessSince">A bundle that was written since then stands; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What was written; null when there is one that stands.</returns>
    /// <exception cref="AdapterException">The key cannot be used, or the file cannot be written; the journal has it all the same.</exception>
    public async Task<WrittenEvidence?> AtEndAsync(string run, string by, DateTimeOffset? unlessSince, CancellationToken cancellation)
    {
        var settings = await SettingsAsync(run, cancellation);
        var file = Path.Combine(settings?.Directory ?? Beside, run + EvidenceBundle.Ending);
        if (unlessSince is { } since && File.GetLastWriteTimeUtc(file) >= since.UtcDateTime)
            return null;
        using var signing = await KeyAsync(Told() ?? settings?.Key, cancellation);
        var (bundle, signer) = await MakeAsync(run, signing, by, cancellation);
        return await WrittenEvidence.WriteAsync(run, file, bundle, signer, cancellation);
    }

    private async Task<(byte[] Bundle, EvidenceSigner Signer)> MakeAsync(string run, SigningKey signing, string by, CancellationToken cancellation)
    {
        try
        {
            return (await EvidenceBundle.MakeAsync(journal, run, signing, by, clock.GetUtcNow(), cancellation), new EvidenceSigner(signing.Id, signing.PublicKey));
        }
        catch (FormatException large)
        {
            throw new AdapterException(new Reason("evidence-too-large", large.Message, "refresh journal export keeps the entries in another way"), large);
        }
    }

    private async Task<SigningKey> KeyAsync(string? named, CancellationToken cancellation)
    {
        if (named is not null)
            return await EvidenceKey.ReadAsync(named, cancellation);
        var own = Path.Combine(Beside, "evidence.key");
        return File.Exists(own) ? await EvidenceKey.ReadAsync(own, cancellation) : await EvidenceKey.MakeAsync(own, EvidenceKey.DefaultId, clock.GetUtcNow(), cancellation);
    }

    private static string? Told() => Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } told ? told : null;

    // A fleet file that is not there any more, or has mistakes, says nothing of evidence.
    private async Task<EvidenceSettings?> SettingsAsync(string run, CancellationToken cancellation)
    {
        var source = await journal.ReadAsync(run, 0, cancellation).Select(entry => (entry.Event as RunPlanned)?.Source).FirstOrDefaultAsync(cancellation);
        return source is null || !File.Exists(source) ? null : (await FleetFile.ReadAsync(source, cancellation)).Definition?.Evidence;
    }
}
