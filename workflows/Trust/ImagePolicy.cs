namespace Refresh.Workflows.Trust;

/// <summary>What an image must prove before it may be used. What is not asked for is not judged; a revoked image is always refused.</summary>
public sealed record ImagePolicy
{
    /// <summary>Where it is written, for messages: the fleet file or the image policy file.</summary>
    public string Origin { get; init; } = "the fleet file";

    /// <summary>Whether a signature by a trusted key is required. Default: no, but one that does not match, or cannot be judged, is refused.</summary>
    public bool SignatureRequired { get; init; }

    /// <summary>The full path of the file with the trusted keys; null for the one of the catalogue.</summary>
    public string? Keys { get; init; }

    /// <summary>Sources that images come from, as beginnings of the manifest's <c>source</c>; empty for any. Another image is in quarantine until it is approved with a comment.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>How many days an image may be old; null for any.</summary>
    public int? MaxAgeDays { get; init; }

    /// <summary>What a scan must say; null when none is required.</summary>
    public ScanPolicy? Scan { get; init; }

    /// <summary>Packages that must be in it, at a version at least.</summary>
    public IReadOnlyList<RequiredPackage> Packages { get; init; } = [];

    /// <summary>How long an image must have been in the catalogue. Default none.</summary>
    public TimeSpan Soak { get; init; } = TimeSpan.Zero;

    /// <summary>How many people must have approved it. Default none.</summary>
    public int Approvals { get; init; }

    /// <summary>Who may approve, revoke and override; empty for everybody who can write the catalogue.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>Whether somebody may approve, revoke and override.</summary>
    /// <param name="who">The user's name.</param>
    /// <returns>True when no approvers are named, or this one is.</returns>
    public bool MayDecide(string who) => Approvers.Count == 0 || Approvers.Contains(who, StringComparer.Ordinal);

    /// <summary>Who may decide, in words.</summary>
    internal string Deciders => Approvers.Count == 0 ? "anybody who can write the catalogue" : string.Join(" or ", Approvers);
}

/// <summary>How many vulnerabilities of each severity the latest scan of each tool may show.</summary>
public sealed record ScanPolicy
{
    /// <summary>How old the newest scan may be. Default 7 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Critical ones. Default 0.</summary>
    public int? Critical { get; init; } = 0;

    /// <summary>High ones; null for any number.</summary>
    public int? High { get; init; }

    /// <summary>Medium ones; null for any number.</summary>
    public int? Medium { get; init; }

    /// <summary>Low ones, and those of no known severity; null for any number.</summary>
    public int? Low { get; init; }

    /// <summary>Those that the scanner says are exploited in the wild. Default 0.</summary>
    public int? KnownExploited { get; init; } = 0;
}

/// <summary>A package that must be in an image.</summary>
/// <param name="Name">Its name, as the package list has it.</param>
/// <param name="Version">The least version.</param>
/// <param name="Scheme">How versions are compared; null for what the package's own type says.</param>
public sealed record RequiredPackage(string Name, string Version, VersionScheme? Scheme = null);
