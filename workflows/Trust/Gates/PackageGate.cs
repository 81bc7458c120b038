using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust.Versions;

namespace Refresh.Workflows.Trust.Gates;

/// <summary>Holds the packages that it must, every one of that name at its least version.</summary>
internal static class PackageGate
{
    public static IEnumerable<Reason> Refusals(ImageFacts facts, ImagePolicy policy)
    {
        if (facts.PackageCount is null)
        {
            yield return new Reason("packages-unknown", $"{facts.Image.Label} has no list of its packages", "its manifest names an SBOM, or lists its packages");
            yield break;
        }

        foreach (var required in policy.Packages)
        {
            var there = facts.Packages.Where(package => package.Name == required.Name).ToList();
            if (there.Count == 0)
                yield return new Reason("package-missing", $"{facts.Image.Label} does not hold {required.Name}", $"an image with {required.Name} {required.Version} is built and used");
            foreach (var package in there)
            {
                if (Refusal(facts, required, package) is { } refusal)
                    yield return refusal;
            }
        }
    }

    private static Reason? Refusal(ImageFacts facts, RequiredPackage required, PackageFacts package)
    {
        if ((required.Scheme ?? package.Scheme) is not { } scheme)
            return new Reason("package-incomparable", $"how versions of {package.Name} are compared is not known: {package.Version} and {required.Version}", "the policy names its scheme: dpkg, rpm or semver");
        return PackageVersions.Compare(scheme, package.Version, required.Version) switch
        {
            null => new Reason("package-incomparable", $"{package.Name} {package.Version} of {facts.Image.Label} cannot be compared with {required.Version} by {scheme.ToString().ToLowerInvariant()}", "the policy names another scheme, or a version of that form"),
            < 0 => new Reason("package-too-old", $"{facts.Image.Label} holds {package.Name} {package.Version}, and {required.Version} is required", $"an image with {required.Name} {required.Version} is built and used"),
            _ => null,
        };
    }
}
