namespace Refresh.Workflows.Trust;

/// <summary>How versions of a package are compared.</summary>
public enum VersionScheme
{
    /// <summary>As dpkg does (Debian policy, 5.6.12).</summary>
    Dpkg,

    /// <summary>As rpm does (rpmvercmp).</summary>
    Rpm,

    /// <summary>Semantic Versioning 2.0.</summary>
    Semver,
}
