using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Application.Catalogues;

/// <summary>A catalogue on this machine, in the hands of somebody.</summary>
/// <param name="settings">Where it is.</param>
/// <param name="policies">The policies that hold for it.</param>
/// <param name="hands">Who has it.</param>
internal sealed class Catalogue(ImageSettings settings, IReadOnlyList<ImagePolicy> policies, CatalogueHands hands) : ICatalogue
{
    private readonly DirectoryImageCatalog _reader = new(settings);
    private readonly CatalogueWriter _writer = new(settings, hands.Clock);

    /// <summary>Where it is.</summary>
    public ImageSettings Settings => settings;

    /// <summary>The policies that hold for it.</summary>
    public IReadOnlyList<ImagePolicy> Policies => policies;

    /// <summary>Opens a catalogue, with the policies that hold for it.</summary>
    /// <exception cref="AdapterException">A policy cannot be read.</exception>
    public static async Task<Catalogue> OpenAsync(ImageSettings settings, CatalogueHands hands, CancellationToken cancellation) =>
        new(settings, await ImageTrust.PoliciesAsync(settings, cancellation), hands);

    /// <summary>The image that is meant, as it lies there; its content need not be what its digest says.</summary>
    /// <exception cref="AdapterException">There is no such image.</exception>
    public Task<ShelvedImage> FindAsync(string image, CancellationToken cancellation)
    {
        var choice = ImageChoice.Parse(image)!;
        return _reader.ShelvedAsync(choice.Name, choice.Version, cancellation);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<ImageDocument>> ListAsync(CancellationToken cancellation)
    {
        var used = await UsedAsync(cancellation);
        var images = new List<ImageDocument>();
        foreach (var image in await _reader.ListAsync(cancellation))
            images.Add(await DescribeAsync(await FindAsync(image.Ref.Label, cancellation), used, cancellation));
        return images;
    }

    /// <inheritdoc />
    public async Task<ImageDocument> ShowAsync(string image, CancellationToken cancellation) =>
        await DescribeAsync(await FindAsync(image, cancellation), await UsedAsync(cancellation), cancellation);

    /// <inheritdoc />
    public async Task<VerifiedImageDocument> VerifyAsync(string image, CancellationToken cancellation)
    {
        var found = await CheckedAsync(image, cancellation);
        var packages = await CountAsync(found, cancellation);
        var gates = await JudgeAsync(found, cancellation);
        var faults = gates.Facts.Faults.Select(fault => fault.Why).Distinct().ToList();
        return new VerifiedImageDocument(found.Image.Ref, faults.Count == 0 && !gates.Refusals.Any(), packages, faults, gates);
    }

    /// <inheritdoc />
    public async Task<ImageDiffDocument> DiffAsync(string from, string to, CancellationToken cancellation) =>
        ImageDiffDocument.Of(await ContentsAsync(from, cancellation), await ContentsAsync(to, cancellation));

    /// <inheritdoc />
    public async Task<AddedImageDocument> AddAsync(IncomingImage incoming, CancellationToken cancellation)
    {
        await CatalogueWriter.CheckScansAsync(incoming.Scans, cancellation);
        var added = (incoming.Once ? await _writer.FindAddedAsync(incoming.Told, cancellation) : null)
            ?? await _writer.AddAsync(incoming.Directory, incoming.Told, hands.Person, incoming.Comment, cancellation);
        foreach (var report in incoming.Scans)
            await _writer.ScanAsync(added, report, hands.Person, cancellation);
        return AddedImageDocument.Of(added, incoming.Told, await JudgeAsync(added, cancellation));
    }

    /// <inheritdoc />
    public async Task<ApprovedImageDocument> ApproveAsync(string image, string? comment, CancellationToken cancellation)
    {
        var found = await FindAsync(image, cancellation);
        RefuseUnlessMayDecide("approve images");
        // Nobody approves what is not what its digest says.
        await _reader.FindAsync(found.Image.Ref.Name, found.Image.Ref.Version, cancellation);
        await _writer.ApproveAsync(found, hands.Person, comment, cancellation);
        return ApprovedImageDocument.Of(found.Image.Ref, hands.Person, await JudgeAsync(found, cancellation));
    }

    /// <inheritdoc />
    public async Task<RevokedImageDocument> RevokeAsync(string image, string why, CancellationToken cancellation)
    {
        RefuseUnlessMayDecide("revoke images");
        // Read before anything is written, which is for good.
        var seen = await ImageUse.ReadAsync(await hands.Journal(cancellation), cancellation);
        var (revoked, manifest) = await KnownAsync(image, seen, cancellation);
        var unfinished = await ImageUse.UnfinishedAsync(await hands.Journal(cancellation), revoked, cancellation);
        await _writer.RevokeAsync(revoked, manifest, hands.Person, why, cancellation);
        return new RevokedImageDocument(
            revoked,
            hands.Person,
            [.. seen.Where(used => used.Is(revoked) && hands.Sees(used.Fleet))],
            [.. unfinished.Where(run => hands.Sees(run.Fleet.Name)).Select(run => new StoppedRun(run.Id, run.Fleet.Name))]);
    }

    /// <inheritdoc />
    public async Task<ScannedImageDocument> ScanAsync(string image, string report, CancellationToken cancellation)
    {
        var found = await FindAsync(image, cancellation);
        var read = await _writer.ScanAsync(found, report, hands.Person, cancellation);
        return ScannedImageDocument.Of(found.Image.Ref, read.Tool, read.Found.Count, await JudgeAsync(found, cancellation));
    }

    // What does not lie there any more, or cannot be read, is revoked by what the log or the runs know of it.
    private async Task<(ImageRef Image, string? Manifest)> KnownAsync(string label, IReadOnlyList<UsedImage> seen, CancellationToken cancellation)
    {
        try
        {
            var found = await FindAsync(label, cancellation);
            return (found.Image.Ref, found.Manifest.Digest);
        }
        catch (AdapterException) when (ImageChoice.Parse(label) is { Version: { } version } gone)
        {
            if ((await new ImageLog(settings.Directory).ReadAsync(cancellation)).LastOrDefault(entry => entry.Image.Label == label) is { } logged)
                return (logged.Image, logged.Manifest);
            if (seen.FirstOrDefault(each => each.Image == label && each.Digest is not null && hands.Sees(each.Fleet)) is { } used)
                return (new ImageRef(gone.Name, version, used.Digest!), null);
            throw;
        }
    }

    private async Task<ImageDocument> DescribeAsync(ShelvedImage image, IReadOnlyList<UsedImage> used, CancellationToken cancellation) =>
        ImageDocument.Of(image, await JudgeAsync(image, cancellation), [.. used.Where(each => each.Is(image.Image.Ref))]);

    private async Task<IReadOnlyList<UsedImage>> UsedAsync(CancellationToken cancellation) =>
        [.. (await ImageUse.ReadAsync(await hands.Journal(cancellation), cancellation)).Where(used => hands.Sees(used.Fleet))];

    private async Task<GateReport> JudgeAsync(ShelvedImage image, CancellationToken cancellation) =>
        (await ImageTrust.JudgeAsync(image.Image.Ref, policies, [], _reader, hands.Clock.GetUtcNow(), cancellation)).Report;

    private async Task<ShelvedImage> CheckedAsync(string image, CancellationToken cancellation)
    {
        var found = await FindAsync(image, cancellation);
        await _reader.FindAsync(found.Image.Ref.Name, found.Image.Ref.Version, cancellation);
        return found;
    }

    private static async Task<int?> CountAsync(ShelvedImage image, CancellationToken cancellation)
    {
        if (PackageList.Of(image) is not { } packages)
            return null;
        try
        {
            return await packages.CountAsync(cancellation);
        }
        catch (Exception damaged) when (damaged is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("packages-unreadable", damaged.Message, $"{image.Image.Ref.Label} does not hold; nothing was changed"), damaged);
        }
    }

    private async Task<ImageContents> ContentsAsync(string label, CancellationToken cancellation)
    {
        var image = await FindAsync(label, cancellation);
        try
        {
            var packages = PackageList.Of(image) is { } list ? await list.ToListAsync(cancellation) : null;
            return new ImageContents(image.Image.Ref.Label, packages, await _writer.VulnerabilitiesAsync(image, cancellation), image.Image.Patches);
        }
        catch (Exception damaged) when (damaged is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("images-not-compared", damaged.Message, "the images are not compared; nothing was changed"), damaged);
        }
    }

    private void RefuseUnlessMayDecide(string what)
    {
        if (policies.Concat(hands.Others).FirstOrDefault(policy => !policy.MayDecide(hands.Person)) is { } against)
            throw new AdapterException(new Reason("image-not-permitted", $"{hands.Person} may not {what}, by {against.Origin}", $"one of its approvers does it: {string.Join(", ", against.Approvers)}"));
    }
}

/// <summary>Who has a catalogue, and with what.</summary>
/// <param name="Person">Whose acts they are.</param>
/// <param name="Journal">Opens the journal that says where images run.</param>
/// <param name="Clock">The only clock.</param>
internal sealed record CatalogueHands(string Person, Func<CancellationToken, Task<IRunJournal>> Journal, TimeProvider Clock)
{
    /// <summary>Whether the person may know of a fleet.</summary>
    public Func<string, bool> Sees { get; init; } = _ => true;

    /// <summary>Policies of other fleets with the same catalogue: who decides about its images decides for them too.</summary>
    public IReadOnlyList<ImagePolicy> Others { get; init; } = [];
}
