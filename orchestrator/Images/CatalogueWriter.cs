using Refresh.Orchestrator.Images.Scans;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Images;

/// <summary>Changes a catalogue. Everything is read and checked before anything is changed, and what was done is written down.</summary>
/// <param name="settings">Where the images are.</param>
/// <param name="clock">The only clock.</param>
internal sealed class CatalogueWriter(ImageSettings settings, TimeProvider clock)
{
    private readonly ImageLog _log = new(settings.Directory);

    /// <summary>Puts an image into the catalogue: copied aside, checked, and moved in whole.</summary>
    /// <param name="from">A directory with its manifest.</param>
    /// <param name="told">Where it comes from, for the log.</param>
    /// <param name="by">Who adds it.</param>
    /// <param name="comment">Why; may be null.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The image.</returns>
    /// <exception cref="AdapterException">It cannot be used; nothing was changed.</exception>
    public Task<ShelvedImage> AddAsync(string from, string told, string by, string? comment, CancellationToken cancellation) => GuardAsync("image-not-added", async () =>
    {
        Directory.CreateDirectory(settings.Directory);
        // In the room of the catalogue, so that the move is within one file system.
        var beside = Path.Combine(settings.Directory, ImageLog.RoomName, $"adding-{Path.GetRandomFileName()}");
        try
        {
            var manifest = await CheckedAsync(from, cancellation);
            await RefuseKnownAsync(manifest.Image.Ref, cancellation);
            Copy(new DirectoryInfo(from), beside, cancellation);
            // What was copied is what counts, so it is checked again.
            var copied = new ShelvedImage(await CheckedAsync(beside, cancellation), beside);
            await DirectoryImageCatalog.VerifyAsync(copied, cancellation);
            var target = Path.Combine(settings.Directory, $"{manifest.Image.Ref.Name}-{manifest.Image.Ref.Version}");
            if (Directory.Exists(target))
                throw new FormatException($"{target} is there already");
            await AppendAsync(copied.Image.Ref, copied.Manifest.Digest, LogEntry.Added, by, entry => entry with { Comment = comment, From = told }, cancellation);
            MoveIn(copied.Image.Ref, beside, target);
            return new ShelvedImage(await Manifest.ReadAsync(new DirectoryInfo(target), cancellation), target);
        }
        finally
        {
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
        }
    });

    /// <summary>Reads an image and its scan reports whole, so that nothing is begun with a bad one.</summary>
    /// <param name="from">A directory with its manifest.</param>
    /// <param name="scans">Files with scan reports.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="AdapterException">It cannot be used.</exception>
    public static async Task CheckAsync(string from, IReadOnlyList<string> scans, CancellationToken cancellation)
    {
        await GuardAsync("image-not-added", () => CheckedAsync(from, cancellation));
        await CheckScansAsync(scans, cancellation);
    }

    /// <summary>The image that was added from a place whose name was used once; null when none was.</summary>
    public async Task<ShelvedImage?> FindAddedAsync(string told, CancellationToken cancellation)
    {
        if ((await _log.ReadAsync(cancellation)).FirstOrDefault(entry => entry.Kind == LogEntry.Added && entry.From == told) is not { } added)
            return null;
        return (await Shelf.ReadAsync(settings.Directory, cancellation)).Images.FirstOrDefault(image => image.Image.Ref == added.Image);
    }

    /// <summary>Writes down that somebody approves an image as it is.</summary>
    public Task ApproveAsync(ShelvedImage image, string by, string? comment, CancellationToken cancellation) =>
        AppendAsync(image.Image.Ref, image.Manifest.Digest, LogEntry.Approved, by, entry => entry with { Comment = comment }, cancellation);

    /// <summary>Writes down that somebody revokes an image. That is final.</summary>
    /// <param name="image">The image, whether it still lies there or not.</param>
    /// <param name="manifest">The digest of its manifest; null where nobody knows it any more.</param>
    /// <param name="by">Who revokes it.</param>
    /// <param name="why">Why.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task RevokeAsync(ImageRef image, string? manifest, string by, string why, CancellationToken cancellation) =>
        AppendAsync(image, manifest, LogEntry.Revoked, by, entry => entry with { Comment = why }, cancellation);

    /// <summary>Takes a scan report in.</summary>
    /// <exception cref="AdapterException">It is no report; nothing was changed.</exception>
    public Task<ScanReport> ScanAsync(ShelvedImage image, string file, string by, CancellationToken cancellation) => GuardAsync("scan-unreadable", async () =>
    {
        var (report, digest) = await ScanRoom.ParseAsync(file, cancellation);
        ScanRoom.Keep(settings.Directory, digest, file);
        await AppendAsync(image.Image.Ref, image.Manifest.Digest, LogEntry.Scanned, by, entry => entry with { Report = digest }, cancellation);
        return report;
    });

    /// <summary>Reads reports that are to be taken in, so that a bad one stops everything before it begins.</summary>
    /// <exception cref="AdapterException">One is no report.</exception>
    public static Task<bool> CheckScansAsync(IReadOnlyList<string> files, CancellationToken cancellation) => GuardAsync("scan-unreadable", async () =>
    {
        foreach (var file in files)
            await ScanRoom.ParseAsync(file, cancellation);
        return true;
    });

    /// <summary>What the latest scan of each tool found in an image; null when there is none.</summary>
    /// <exception cref="FormatException">A report was changed.</exception>
    public async Task<IReadOnlySet<string>?> VulnerabilitiesAsync(ShelvedImage image, CancellationToken cancellation)
    {
        var latest = new Dictionary<string, (DateTimeOffset At, ScanReport Report)>(StringComparer.Ordinal);
        foreach (var entry in (await _log.ReadAsync(cancellation)).Where(entry => entry is { Kind: LogEntry.Scanned, Report: not null } && entry.Image == image.Image.Ref))
        {
            var report = await ScanRoom.ReadAsync(settings.Directory, entry.Report!, cancellation);
            var at = report.At ?? entry.At;
            if (!latest.TryGetValue(report.Tool, out var before) || before.At <= at)
                latest[report.Tool] = (at, report);
        }

        return latest.Count == 0 ? null : latest.Values.SelectMany(scan => scan.Report.Found.Keys).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Signs the manifest of an image, in the catalogue or not.</summary>
    /// <exception cref="AdapterException">Key, manifest or signatures cannot be read; nothing was changed.</exception>
    public Task<string> SignAsync(string directory, string keyFile, CancellationToken cancellation) => GuardAsync("image-not-signed", async () =>
    {
        using var key = await SmallFile.ReadAsync(keyFile, SigningKey.Parse, cancellation);
        await CheckedAsync(directory, cancellation);
        var manifest = await Manifest.BytesAsync(new DirectoryInfo(directory), cancellation);
        var before = await ManifestSignatures.OfAsync(directory, cancellation) ?? new ManifestSignatures([]);
        await SmallFile.WriteAsync(Path.Combine(directory, ManifestSignatures.FileName), before.With(key, manifest, clock.GetUtcNow()).ToBytes(), cancellation);
        return key.Id;
    });

    private static async Task<Manifest> CheckedAsync(string directory, CancellationToken cancellation)
    {
        if (!File.Exists(Manifest.Path(directory)))
            throw new FormatException($"there is no {Manifest.FileName} in {directory}");
        Manifest manifest;
        try
        {
            manifest = await Manifest.ReadAsync(new DirectoryInfo(directory), cancellation);
        }
        catch (FormatException mistake)
        {
            throw new FormatException($"{Manifest.Path(directory)}: {mistake.Message}", mistake);
        }

        var image = new ShelvedImage(manifest, directory);
        await DirectoryImageCatalog.VerifyAsync(image, cancellation);
        await foreach (var _ in (PackageList.Of(image) ?? AsyncEnumerable.Empty<Package>()).WithCancellation(cancellation))
        {
            // The list is read to its end, so that a damaged one is refused now.
        }

        await ManifestSignatures.OfAsync(directory, cancellation);
        return manifest;
    }

    private async Task RefuseKnownAsync(ImageRef image, CancellationToken cancellation)
    {
        var shelf = await Shelf.ReadAsync(settings.Directory, cancellation);
        if (shelf.Images.FirstOrDefault(entry => entry.Image.Ref.Label == image.Label) is { } known)
            throw new FormatException($"{image.Label} is in the catalogue already, in {known.Directory}; a changed image gets another version");
    }

    private Task<LogEntry> AppendAsync(ImageRef image, string? manifest, string kind, string by, Func<LogEntry, LogEntry> more, CancellationToken cancellation) =>
        _log.AppendAsync(
            sequence => more(new LogEntry
            {
                Sequence = sequence,
                At = clock.GetUtcNow(),
                By = by,
                Kind = kind,
                Name = image.Name,
                Version = image.Version,
                Digest = image.Digest,
                Manifest = manifest,
            }),
            clock,
            cancellation);

    // The log comes first, so that an act that is carried out again after a crash finds what it has added.
    private static void MoveIn(ImageRef image, string beside, string target)
    {
        try
        {
            Directory.Move(beside, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("image-not-added", $"{image.Label} is written down as added and does not lie there: {exception.Message}", "that is put right, and it is added again"), exception);
        }
    }

    private static void Copy(DirectoryInfo from, string to, CancellationToken cancellation)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in from.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry is DirectoryInfo directory)
                Copy(directory, Path.Combine(to, entry.Name), cancellation);
            else
                File.Copy(entry.FullName, Path.Combine(to, entry.Name));
        }
    }

    private static async Task<T> GuardAsync<T>(string code, Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason(code, exception.Message, "that is put right, and it is done again; nothing was changed"), exception);
        }
    }
}
