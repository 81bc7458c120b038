namespace Refresh.Workflows.Images;

/// <summary>The name of a golden image: what it is, which build of it, and the digest of its content.</summary>
/// <param name="Name">The image's name, for example <c>web</c>.</param>
/// <param name="Version">Its version, for example <c>2026.11.2</c>.</param>
/// <param name="Digest">The digest of its content, <c>sha256:</c> and 64 hexadecimal digits.</param>
public sealed record ImageRef(string Name, string Version, string Digest)
{
    /// <summary>Name and version as people write them: <c>web@2026.11.2</c>.</summary>
    public string Label => $"{Name}@{Version}";

    /// <inheritdoc />
    public override string ToString() => $"{Label} ({(Digest.Length > 19 ? Digest[..19] : Digest)})";
}

/// <summary>A patched template that members are rebuilt from, as its manifest describes it.</summary>
/// <param name="Ref">Its name, version and digest.</param>
/// <param name="BuiltAt">When it was built.</param>
/// <param name="Patches">What was patched into it, for example <c>CVE-2026-1234</c>.</param>
/// <param name="Location">Where the provisioner finds it: a directory, a template's UUID, a library item's id.</param>
public sealed record GoldenImage(ImageRef Ref, DateTimeOffset BuiltAt, IReadOnlyList<string> Patches, string Location);
