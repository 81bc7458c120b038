using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Bundles;

/// <summary>The file with a private key that signs evidence; <c>FILE.pub</c> beside it holds the public key.</summary>
internal static class EvidenceKey
{
    public const string DefaultId = "evidence";

    /// <summary>Makes a key and writes both files.</summary>
    /// <exception cref="AdapterException">A file is there already, or cannot be written.</exception>
    public static async Task<SigningKey> MakeAsync(string file, string id, DateTimeOffset at, CancellationToken cancellation)
    {
        if (File.Exists($"{file}.pub"))
            throw new AdapterException(new Reason("file-exists", $"{file}.pub is there already, and was left as it is", "another file is named"));
        var key = SigningKey.Create(id);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var ring = await KeyRing.OpenAsync($"{file}.pub", cancellation);
            ring.Add(key.Id, key.PublicKey, at, null);
            await KeyRing.WriteAsync(key, file, cancellation);
            await ring.SaveAsync(cancellation);
            return key;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("evidence-key-unwritable", $"the key {file} cannot be made: {problem.Message}", "another file is named"), problem);
        }
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="AdapterException">It cannot be used.</exception>
    public static async Task<SigningKey> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return await SmallFile.ReadAsync(file, SigningKey.Parse, cancellation);
        }
        catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("evidence-key-unusable", $"the key {file} cannot be used, and nothing was written: {problem.Message}", "another key is named; refresh evidence key makes one"), problem);
        }
    }
}
