using Refresh.Workflows.Trust.Versions;

namespace Refresh.Orchestrator.Images;

/// <summary>What differs between two images.</summary>
/// <param name="Added">Packages that the second has and the first has not.</param>
/// <param name="Removed">Packages that the first has and the second has not.</param>
/// <param name="Changed">Packages that both have, in other versions.</param>
/// <param name="Closed">Vulnerabilities of the first that the second has not, and patches that came with it.</param>
/// <param name="Opened">Vulnerabilities of the second that the first has not.</param>
/// <param name="Basis">What this was told from, and what was missing.</param>
internal sealed record ImageDiff(
    IReadOnlyList<Package> Added,
    IReadOnlyList<Package> Removed,
    IReadOnlyList<ChangedPackage> Changed,
    IReadOnlyList<string> Closed,
    IReadOnlyList<string> Opened,
    IReadOnlyList<string> Basis);

/// <summary>A package in two images.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its type; empty if that is not known.</param>
/// <param name="From">Its version in the first; several, where it is there several times.</param>
/// <param name="To">Its version in the second.</param>
/// <param name="Upgraded">Whether the second is newer; null where that cannot be told.</param>
internal sealed record ChangedPackage(string Name, string Kind, string From, string To, bool? Upgraded);

/// <summary>What an image holds, to compare it by.</summary>
/// <param name="Label">The image.</param>
/// <param name="Packages">Its packages; null if it has no list.</param>
/// <param name="Vulnerabilities">What its latest scans found; null if it has none.</param>
/// <param name="Patches">What was patched into it.</param>
internal sealed record ImageContents(string Label, IReadOnlyList<Package>? Packages, IReadOnlySet<string>? Vulnerabilities, IReadOnlyList<string> Patches)
{
    /// <summary>What differs between this image and another.</summary>
    public ImageDiff To(ImageContents other)
    {
        var (before, after) = (ByName(Packages), ByName(other.Packages));
        var comparable = Packages is not null && other.Packages is not null;
        var changed = before.Keys.Intersect(after.Keys).Where(key => !before[key].Select(package => package.Version).ToHashSet().SetEquals(after[key].Select(package => package.Version)));
        var scanned = Vulnerabilities is not null && other.Vulnerabilities is not null;
        return new ImageDiff(
            comparable ? Only(after, before) : [],
            comparable ? Only(before, after) : [],
            comparable ? [.. changed.Select(key => Change(before[key], after[key])).OrderBy(change => change.Name, StringComparer.Ordinal)] : [],
            [.. other.Patches.Except(Patches).Union(scanned ? Vulnerabilities!.Except(other.Vulnerabilities!) : []).Order(StringComparer.Ordinal)],
            scanned ? [.. other.Vulnerabilities!.Except(Vulnerabilities!).Order(StringComparer.Ordinal)] : [],
            [.. Basis(this), .. Basis(other)]);
    }

    private static IEnumerable<string> Basis(ImageContents image)
    {
        if (image.Packages is null)
            yield return $"{image.Label} has no list of its packages, so that packages are not compared";
        if (image.Vulnerabilities is null)
            yield return $"{image.Label} has no scan, so that only its list of patches says which CVEs are closed";
    }

    private static Dictionary<(string Name, string Kind), List<Package>> ByName(IReadOnlyList<Package>? packages) =>
        (packages ?? []).GroupBy(package => (package.Name, package.Kind)).ToDictionary(group => group.Key, group => group.ToList());

    private static List<Package> Only(Dictionary<(string Name, string Kind), List<Package>> here, Dictionary<(string Name, string Kind), List<Package>> there) =>
        [.. here.Where(entry => !there.ContainsKey(entry.Key)).SelectMany(entry => entry.Value).OrderBy(package => package.Name, StringComparer.Ordinal)];

    private static ChangedPackage Change(List<Package> before, List<Package> after)
    {
        var (one, other) = (before[0].Facts, after[0].Facts);
        int? order = before.Count == 1 && after.Count == 1 && one.Scheme is { } scheme ? PackageVersions.Compare(scheme, one.Version, other.Version) : null;
        return new ChangedPackage(before[0].Name, before[0].Kind, Versions(before), Versions(after), order is null or 0 ? null : order < 0);
    }

    private static string Versions(List<Package> packages) => string.Join(", ", packages.Select(package => package.Version).Distinct().Order(StringComparer.Ordinal));
}
