namespace Refresh.Workflows.Images;

/// <summary>The name of a golden image: what it is, which build of it, and the digest of its content.</summary>
/// <param name="Name">The image's name, for example <c>web</c>.</param>
/// <param name="Version">Its version, for example <c>2026.11.2</c>.</param>
/// <param name="Digest">The digest of its content, <c>sha256:</c> and 64 hexadecimal digits.</param>
public sealed record ImageRef(string Name, string Version, string Digest)
{
    /// <summary>Name and version as people write them: <c>web@2026.11.2</c>.</summary>
    public string Label => $"{Name}@{Version}";

    /// <summary>Whether whoever revokes one revokes the other: the same name and version, or the same content.</summary>
    /// <param name="other">The other image.</param>
    /// <returns>True if so.</returns>
    public bool SharesWith(ImageRef other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Label == other.Label || Digest == other.Digest;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Label} ({(Digest.Length > 19 ? Digest[..19] : Digest)})";
}

/// <summary>A patched template that members are rebuilt from, as its manifest describes it.</summary>
/// <param name="Ref">Its name, version and digest.</param>
/// <param name="BuiltAt">When it was built.</param>
/// <param name="Patches">What was patched into it, for example <c>CVE-2026-1234</c>.</param>
/// <param name="Location">Where the provisioner finds it: a directory, a template's UUID, a library item's id.</param>
public sealed record GoldenImage(ImageRef Ref, DateTimeOffset BuiltAt, IReadOnlyList<string> Patches, string Location)
{
    /// <summary>Where it was made, for example <c>https://git.example/images@4f2c…</c>; null if its manifest does not say.</summary>
    public string? Source { get; init; }

    /// <summary>The image that it was made from; null if its manifest does not say.</summary>
    public string? BaseImage { get; init; }

    /// <summary>How far it is patched, in the words of those who built it, for example <c>2026-11</c>; null if its manifest does not say.</summary>
    public string? PatchLevel { get; init; }

    /// <summary>Where the provisioner of each site finds it, by site; null if its manifest names none.</summary>
    public IReadOnlyDictionary<string, string>? Providers { get; init; }
}
