using Refresh.Orchestrator.Images.Signing;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Images;

/// <summary>Reads what one image is judged by. What cannot be read is a fault of the gate that needs it, and ends nothing else.</summary>
/// <param name="directory">The directory of the images.</param>
/// <param name="image">The image.</param>
/// <param name="policies">What will be asked.</param>
internal sealed class Inspection(string directory, ShelvedImage image, IReadOnlyList<ImagePolicy> policies)
{
    private readonly List<GateFault> _faults = [];

    public async Task<ImageFacts> ReadAsync(CancellationToken cancellation)
    {
        var reference = image.Image.Ref;
        var log = await TryAsync(
            () => new ImageLog(directory).ReadAsync(cancellation), GateNames.Revocation, GateNames.Approvals, GateNames.Soak, GateNames.Scan, GateNames.Origin) ?? [];
        var mine = log.Where(entry => entry.Image == reference).ToList();
        // Not by its label alone: the manifest says where the provisioner finds it.
        var published = mine.FirstOrDefault(entry => entry.Kind == LogEntry.Added && entry.Manifest == image.Manifest.Digest)?.At;
        var (count, packages) = await TryAsync(() => PackagesAsync(cancellation), GateNames.Packages) ?? new(null, []);
        return new ImageFacts
        {
            Image = reference,
            BuiltAt = image.Image.BuiltAt,
            Source = image.Image.Source,
            PublishedAt = published,
            Signatures = await TryAsync(() => SignaturesAsync(published, cancellation), GateNames.Signature) ?? [],
            Scans = await TryAsync(() => ScansAsync(mine, cancellation), GateNames.Scan) ?? [],
            PackageCount = count,
            Packages = packages,
            Approvals = [.. mine.Where(entry => entry.Kind == LogEntry.Approved && entry.Manifest == image.Manifest.Digest).Select(entry => new ImageApproval(entry.By, entry.At, entry.Comment ?? string.Empty))],
            Revoked = RevocationOf(log, reference),
            Faults = _faults,
        };
    }

    public static ImageRevocation? RevocationOf(IReadOnlyList<LogEntry> log, ImageRef image) =>
        log.FirstOrDefault(entry => entry.Kind == LogEntry.Revoked && entry.Concerns(image)) is { } revoked
            ? new ImageRevocation(revoked.By, revoked.At, revoked.Comment ?? "no reason was given")
            : null;

    private async Task<IReadOnlyList<SignatureFacts>> SignaturesAsync(DateTimeOffset? published, CancellationToken cancellation)
    {
        if (await ManifestSignatures.OfAsync(image.Directory, cancellation) is not { } signatures)
            return [];
        var manifest = await Manifest.BytesAsync(new DirectoryInfo(image.Directory), cancellation);
        var judged = new List<SignatureFacts>();
        foreach (var keys in policies.Select(policy => policy.Keys).DefaultIfEmpty().Distinct())
            judged.AddRange(signatures.Judge(manifest, await TrustedAsync(keys, cancellation), published).Select(signature => signature with { Keys = keys }));
        return judged;
    }

    private async Task<TrustedKeys> TrustedAsync(string? keys, CancellationToken cancellation)
    {
        var file = keys ?? Path.Combine(directory, TrustedKeys.FileName);
        // No file with keys is as good as an empty one, unless a policy names it.
        return keys is null && !File.Exists(file) ? new TrustedKeys([]) : await SmallFile.ReadAsync(file, TrustedKeys.Parse, cancellation);
    }

    private async Task<IReadOnlyList<ScanFacts>> ScansAsync(List<LogEntry> mine, CancellationToken cancellation)
    {
        var scans = new Dictionary<string, ScanFacts>(StringComparer.Ordinal);
        foreach (var entry in mine.Where(entry => entry is { Kind: LogEntry.Scanned, Report: not null }).DistinctBy(entry => entry.Report))
        {
            var report = await ScanRoom.ReadAsync(directory, entry.Report!, cancellation);
            var facts = report.Facts(entry.Report!, entry.At);
            if (!scans.TryGetValue(facts.Tool, out var before) || before.ScannedAt <= facts.ScannedAt)
                scans[facts.Tool] = facts;
        }

        return [.. scans.Values.OrderBy(scan => scan.Tool, StringComparer.Ordinal)];
    }

    private async Task<Listed> PackagesAsync(CancellationToken cancellation)
    {
        var asked = policies.SelectMany(policy => policy.Packages).Select(package => package.Name).ToHashSet(StringComparer.Ordinal);
        // Nobody asks, so that a large SBOM is not read for nothing.
        if (asked.Count == 0 || PackageList.Of(image) is not { } packages)
            return new(null, []);
        var (count, found) = (0, new List<PackageFacts>());
        await foreach (var package in packages.WithCancellation(cancellation))
        {
            count++;
            if (asked.Contains(package.Name) && found.Count < MostKept)
                found.Add(package.Facts);
        }

        return new(count, [.. found.Distinct()]);
    }

    private const int MostKept = 1000;

    private async Task<T?> TryAsync<T>(Func<Task<T>> read, params string[] gates)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (AdapterException failure)
        {
            _faults.AddRange(gates.Select(gate => new GateFault(gate, failure.Reason)));
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            _faults.AddRange(gates.Select(gate => new GateFault(gate, new Reason($"{gate}-unreadable", $"what {image.Image.Ref.Label} is judged by cannot be read: {exception.Message}", "the file is put right; nothing was changed"))));
        }

        return null;
    }

    private sealed record Listed(int? Count, IReadOnlyList<PackageFacts> Packages);
}
