using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>Reads how guests tell what they are.</summary>
internal static class IdentitySection
{
    private const string Path = "/identity";
    private const int SshPort = 22;
    private const string Script = "refresh-identity";
    private const string Pins = "ssh-pins";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);

    public static IdentitySettings Read(Field field, string directory, string fleet) =>
        field.Mapping(kinds => kinds.OneOf<IdentitySettings>(
            ("http", map => Http(map, directory)),
            ("ssh", map => Ssh(map, directory, fleet)),
            ("command", map => Command(map, directory))))
        ?? new HttpIdentitySettings(Path, null, false, null, false, null, Timeout);

    private static HttpIdentitySettings Http(MappingReader map, string directory)
    {
        var tls = TlsKeys.Read(map, directory);
        return new HttpIdentitySettings(
            map.Optional("path").UrlPath() ?? Path,
            map.Optional("port").Port(),
            tls.Enabled,
            tls.Ca,
            tls.SkipVerify,
            map.Optional("host").Host(),
            map.Optional("timeout").Duration() ?? Timeout);
    }

    private static SshIdentitySettings? Ssh(MappingReader map, string directory, string fleet)
    {
        var user = map.Required("user").Text();
        var key = map.Required("key").File(directory);
        var settings = new SshIdentitySettings(
            user ?? string.Empty,
            map.Optional("port").Port() ?? SshPort,
            key ?? string.Empty,
            map.Optional("run").Text() ?? Script,
            map.Optional("pins").File(directory) ?? System.IO.Path.GetFullPath(Pins, directory),
            map.Optional("timeout").Duration() ?? CommandTimeout)
        {
            Fleet = fleet,
        };
        return user is null || key is null ? null : settings;
    }

    private static CommandIdentitySettings Command(MappingReader map, string directory)
    {
        var run = map.Required("run").List(item => item.Text(mayBeEmpty: !item.Path.EndsWith("[0]", StringComparison.Ordinal))) ?? [];
        return new CommandIdentitySettings(ProbesSection.Program(run, directory), map.Optional("timeout").Duration() ?? CommandTimeout);
    }
}
