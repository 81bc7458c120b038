namespace Refresh.Workflows.Trust.Versions;

/// <summary>Compares versions of packages.</summary>
public static class PackageVersions
{
    /// <summary>Compares two versions.</summary>
    /// <param name="scheme">By which rules.</param>
    /// <param name="one">One version.</param>
    /// <param name="other">The other.</param>
    /// <returns>Below zero when <paramref name="one"/> is older, above when it is newer, zero when they are equal; null when one has not the form of the scheme.</returns>
    public static int? Compare(VersionScheme scheme, string one, string other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return scheme switch
        {
            VersionScheme.Dpkg => DpkgOrder.Compare(one, other),
            VersionScheme.Rpm => RpmOrder.Compare(one, other),
            _ => SemverOrder.Compare(one, other),
        };
    }

    /// <summary>Splits an epoch off: <c>2:1.0</c>; null where it is no number.</summary>
    internal static (long Epoch, string Version)? Epoch(string version)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return (0, version);
        return colon is > 0 and < 10 && version.AsSpan(0, colon).IndexOfAnyExceptInRange('0', '9') < 0
            ? (long.Parse(version.AsSpan(0, colon), System.Globalization.CultureInfo.InvariantCulture), version[(colon + 1)..])
            : null;
    }

    /// <summary>Compares runs of digits as numbers of any length.</summary>
    internal static int Digits(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        one = one.TrimStart('0');
        other = other.TrimStart('0');
        return one.Length != other.Length ? one.Length.CompareTo(other.Length) : one.SequenceCompareTo(other);
    }
}
