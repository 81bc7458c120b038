using System.Text.RegularExpressions;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>What an image must prove before it may be used. What is left out is not asked for.</summary>
internal static partial class ImagePolicySection
{
    private const int Many = 100_000;

    public static ImagePolicy Read(MappingReader map, string directory, string origin) => new()
    {
        Origin = origin,
        SignatureRequired = map.Optional("signature").Choice(("optional", false), ("required", true)) ?? false,
        Keys = map.Optional("keys").File(directory),
        Origins = map.Optional("origins").List(item => item.Text(), atMost: 100) ?? [],
        MaxAgeDays = map.Optional("maxAgeDays").Integer(1, 3650),
        Scan = map.Optional("scan").Mapping(Scan),
        Packages = map.Optional("packages").List(item => item.Mapping(Package), atMost: 1000) ?? [],
        Soak = map.Optional("soak").DurationOrNone() ?? TimeSpan.Zero,
        Approvals = map.Optional("approvals").Integer(0, 100) ?? 0,
        Approvers = map.Optional("approvers").List(item => item.Text(), atMost: 1000) ?? [],
    };

    private static ScanPolicy Scan(MappingReader map)
    {
        var normal = new ScanPolicy();
        return new ScanPolicy
        {
            MaxAge = map.Optional("maxAge").Duration() ?? normal.MaxAge,
            Critical = map.Optional("critical").Integer(0, Many) ?? normal.Critical,
            High = map.Optional("high").Integer(0, Many),
            Medium = map.Optional("medium").Integer(0, Many),
            Low = map.Optional("low").Integer(0, Many),
            KnownExploited = map.Optional("knownExploited").Integer(0, Many) ?? normal.KnownExploited,
        };
    }

    private static RequiredPackage? Package(MappingReader map)
    {
        var name = map.Required("name").Text();
        var version = map.Required("version").Text(PackageVersion(), "a version of a package", "write it as the package list has it, without spaces, for example 3.0.15-1");
        var scheme = map.Optional("scheme").Choice(("dpkg", VersionScheme.Dpkg), ("rpm", VersionScheme.Rpm), ("semver", VersionScheme.Semver));
        return name is null || version is null ? null : new RequiredPackage(name, version, scheme);
    }

    [GeneratedRegex(@"^[!-~]{1,256}\z")]
    private static partial Regex PackageVersion();
}
