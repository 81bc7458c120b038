using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>How a guest's identity is read.</summary>
internal static class IdentitySection
{
    private const string Path = "/identity";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static IdentitySettings Read(Field field, string directory) =>
        field.Mapping(kinds => kinds.OneOf<IdentitySettings>(("http", map => Http(map, directory))))
        ?? new IdentitySettings(Path, null, false, null, false, null, Timeout);

    private static IdentitySettings Http(MappingReader map, string directory)
    {
        var tls = TlsKeys.Read(map, directory);
        return new IdentitySettings(
            map.Optional("path").UrlPath() ?? Path,
            map.Optional("port").Port(),
            tls.Enabled,
            tls.Ca,
            tls.SkipVerify,
            map.Optional("host").Host(),
            map.Optional("timeout").Duration() ?? Timeout);
    }
}
