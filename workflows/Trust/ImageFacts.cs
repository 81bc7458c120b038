using Refresh.Workflows.Images;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust;

/// <summary>What was read of an image to judge it by; kept with the run.</summary>
public sealed record ImageFacts
{
    /// <summary>The image.</summary>
    public required ImageRef Image { get; init; }

    /// <summary>When it was built, by its manifest.</summary>
    public required DateTimeOffset BuiltAt { get; init; }

    /// <summary>Where it was made, by its manifest; null if that does not say.</summary>
    public string? Source { get; init; }

    /// <summary>When it was put into the catalogue, by the catalogue's log; null if the log does not say.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Its signatures, by the trusted keys of each policy.</summary>
    public IReadOnlyList<SignatureFacts> Signatures { get; init; } = [];

    /// <summary>The latest scan of each tool.</summary>
    public IReadOnlyList<ScanFacts> Scans { get; init; } = [];

    /// <summary>How many packages are listed; null when there is no list.</summary>
    public int? PackageCount { get; init; }

    /// <summary>Those of its packages that were asked for.</summary>
    public IReadOnlyList<PackageFacts> Packages { get; init; } = [];

    /// <summary>Who approved it as it is, the manifest included.</summary>
    public IReadOnlyList<ImageApproval> Approvals { get; init; } = [];

    /// <summary>Who revoked it; null if nobody did.</summary>
    public ImageRevocation? Revoked { get; init; }

    /// <summary>What could not be read, and the gate that needed it.</summary>
    public IReadOnlyList<GateFault> Faults { get; init; } = [];
}

/// <summary>What is to be said of a signature.</summary>
public enum SignatureStanding
{
    /// <summary>It matches the manifest, and its key is trusted.</summary>
    Good,

    /// <summary>It does not match the manifest.</summary>
    Broken,

    /// <summary>No key of that id is trusted.</summary>
    UnknownKey,

    /// <summary>Its key was not valid when it was made, or is revoked since before then.</summary>
    KeyNotValid,

    /// <summary>Its algorithm is not known, or its form is wrong.</summary>
    Unusable,
}

/// <summary>One signature of a manifest.</summary>
/// <param name="Key">The id of its key.</param>
/// <param name="Standing">What is to be said of it.</param>
/// <param name="SignedAt">When it says it was made; covered by the signature itself.</param>
/// <param name="Detail">More, for people.</param>
/// <param name="Keys">The file with the trusted keys that it was judged by; null for the one of the catalogue.</param>
public sealed record SignatureFacts(string Key, SignatureStanding Standing, DateTimeOffset SignedAt, string Detail, string? Keys = null);

/// <summary>What a scan found; an id is counted once, at its worst severity.</summary>
/// <param name="Tool">The scanner.</param>
/// <param name="Report">The digest of its report, <c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="ScannedAt">When it scanned; where the report does not say, when it was handed in.</param>
/// <param name="Critical">Critical vulnerabilities.</param>
/// <param name="High">High ones.</param>
/// <param name="Medium">Medium ones.</param>
/// <param name="Low">Low ones, and those of no known severity.</param>
/// <param name="KnownExploited">Those that are exploited in the wild.</param>
/// <param name="Worst">Ids of the worst, some of them.</param>
public sealed record ScanFacts(string Tool, string Report, DateTimeOffset ScannedAt, int Critical, int High, int Medium, int Low, int KnownExploited, IReadOnlyList<string> Worst);

/// <summary>A package of an image.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Scheme">How its versions are compared, by its type; null where that is not known.</param>
public sealed record PackageFacts(string Name, string Version, VersionScheme? Scheme);

/// <summary>Somebody approved an image.</summary>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
/// <param name="Comment">The comment; may be empty.</param>
public sealed record ImageApproval(string By, DateTimeOffset At, string Comment);

/// <summary>Somebody revoked an image. That is final.</summary>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
/// <param name="Why">Why.</param>
public sealed record ImageRevocation(string By, DateTimeOffset At, string Why);

/// <summary>Something that a gate needs could not be read: the gate refuses.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="Why">What was met.</param>
public sealed record GateFault(string Gate, Reason Why);
