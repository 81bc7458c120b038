using System.Text.Json.Serialization;
using Refresh.Orchestrator.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Bundles;

/// <summary>Who signed a bundle.</summary>
/// <param name="Id">The name of the key.</param>
/// <param name="PublicKey">Its public half.</param>
internal sealed record EvidenceSigner(string Id, byte[] PublicKey);

/// <summary>An evidence bundle that was written.</summary>
/// <param name="Run">The run.</param>
/// <param name="File">The file.</param>
/// <param name="SignedBy">The name of the key.</param>
/// <param name="Fingerprint">The key's fingerprint.</param>
/// <param name="PublicKey">Its public half in base64.</param>
internal sealed record WrittenEvidence(string Run, string File, string SignedBy, string Fingerprint, string PublicKey)
{
    [JsonIgnore]
    public string Text => $"The evidence of run {Run} is in {File}, signed by {SignedBy}, {Fingerprint}.";

    /// <summary>Writes a bundle whole, or not at all.</summary>
    /// <exception cref="AdapterException">The file cannot be written.</exception>
    public static async Task<WrittenEvidence> WriteAsync(string run, string file, byte[] bundle, EvidenceSigner signer, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await SmallFile.WriteAsync(path, bundle, cancellation);
            return new WrittenEvidence(run, path, signer.Id, BundleCheckup.Fingerprint(signer.PublicKey), Convert.ToBase64String(signer.PublicKey));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("evidence-unwritable", $"{path} cannot be written: {problem.Message}", $"another is named: refresh evidence export {run} --output FILE"), problem);
        }
    }
}
