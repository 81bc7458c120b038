using System.Text.RegularExpressions;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Images;

/// <summary>A package of an image.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version; empty if the list does not say.</param>
/// <param name="Purl">Its package URL, which names its type; null if the list does not say.</param>
internal sealed partial record Package(string Name, string Version, string? Purl)
{
    private static readonly string[] s_semantic = ["npm", "cargo", "nuget", "golang", "composer", "hex", "pub", "swift", "gem"];

    /// <summary>What kind of package it is, for example <c>deb</c>; empty if that is not known.</summary>
    public string Kind => Purl is { } purl && KindForm.Match(purl) is { Success: true } match ? match.Groups[1].Value.ToLowerInvariant() : string.Empty;

    /// <summary>What was read of it. The epoch of an rpm stands in its package URL.</summary>
    public PackageFacts Facts => new(
        Name,
        Kind == "rpm" && !Version.Contains(':', StringComparison.Ordinal) && EpochForm.Match(Purl!) is { Success: true } epoch ? $"{epoch.Groups[1].Value}:{Version}" : Version,
        Kind switch
        {
            "deb" => VersionScheme.Dpkg,
            "rpm" => VersionScheme.Rpm,
            var kind when s_semantic.Contains(kind) => VersionScheme.Semver,
            _ => null,
        });

    [GeneratedRegex(@"\Apkg:([A-Za-z][A-Za-z0-9.+-]*)/", RegexOptions.IgnoreCase)]
    private static partial Regex KindForm { get; }

    [GeneratedRegex(@"[?&]epoch=(\d{1,9})(&|#|\z)")]
    private static partial Regex EpochForm { get; }
}
