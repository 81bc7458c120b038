using Refresh.Workflows.Trust;
using Refresh.Workflows.Trust.Versions;
using Xunit;

namespace Refresh.Workflows.Tests.Trust;

/// <summary>The order of versions, by examples of those who made the rules: each list is in order, oldest first.</summary>
public sealed class PackageVersionsTests
{
    private static readonly Dictionary<VersionScheme, string[]> s_inOrder = new()
    {
        [VersionScheme.Dpkg] = ["0.9", "1.0~~", "1.0~~a", "1.0~", "1.0~rc1-1", "1.0", "1.0-1", "1.0-1+b1", "1.0-1.1", "1.0-2", "1.0a", "1.0+dfsg", "1.0.1", "1.2", "1.10", "3.0.9-1", "3.0.15-1~deb12u1", "3.0.15-1", "3.0.15-1+deb12u1", "20240101", "1:0.1", "2:0.0~"],
        [VersionScheme.Rpm] = ["1.0~rc1", "1.0~rc2", "1.0", "1.0^git1", "1.0^git2", "1.0.1", "1.1", "1.10", "2.0-1.el9", "2.0-2.el9", "2.0-10.el9", "5.5p1", "5.5p2", "5.5p10", "10xyz", "10.1xyz", "1:0.5-1"],
        [VersionScheme.Semver] = ["0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.2", "1.2.1", "v1.10.0", "10.0.0"],
    };

    public static TheoryData<VersionScheme> Schemes => [.. s_inOrder.Keys];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Each_version_is_newer_than_all_before_it(VersionScheme scheme)
    {
        var versions = s_inOrder[scheme];
        for (var one = 0; one < versions.Length; one++)
        {
            for (var other = 0; other < versions.Length; other++)
                Assert.True(Math.Sign(PackageVersions.Compare(scheme, versions[one], versions[other])!.Value) == one.CompareTo(other), $"{versions[one]} and {versions[other]}");
        }
    }

    [Theory]
    [InlineData(VersionScheme.Dpkg, "1.0", "1.0-0")]
    [InlineData(VersionScheme.Dpkg, "0:1.0", "1.0")]
    [InlineData(VersionScheme.Dpkg, "1.01", "1.1")]
    [InlineData(VersionScheme.Rpm, "1.0", "1_0")]
    [InlineData(VersionScheme.Rpm, "2.0", "2.0-7.el9")]
    [InlineData(VersionScheme.Rpm, "1.001", "1.1")]
    [InlineData(VersionScheme.Semver, "1.0.0+build.5", "1.0")]
    public void These_are_equal(VersionScheme scheme, string one, string other)
    {
        Assert.Equal(0, PackageVersions.Compare(scheme, one, other));
        Assert.Equal(0, PackageVersions.Compare(scheme, other, one));
    }

    [Theory]
    [InlineData(VersionScheme.Dpkg, "x:1.0")]
    [InlineData(VersionScheme.Dpkg, "")]
    [InlineData(VersionScheme.Dpkg, "1 0")]
    [InlineData(VersionScheme.Rpm, "")]
    [InlineData(VersionScheme.Semver, "1.2.3.4")]
    [InlineData(VersionScheme.Semver, "latest")]
    public void What_has_not_the_form_is_not_compared(VersionScheme scheme, string version) =>
        Assert.Null(PackageVersions.Compare(scheme, version, "1.0"));
}
