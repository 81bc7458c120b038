using System.Text.RegularExpressions;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.FleetFiles.Yaml;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>The health probes: a list, each of exactly one kind.</summary>
internal static partial class ProbesSection
{
    private const int MaxProbes = 16;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<ProbeSettings> Read(Field field, string directory) =>
        field.List(item => item.Mapping(kinds => kinds.OneOf<ProbeSettings>(
            ("http", map => Http(map, directory)),
            ("tcp", Tcp),
            ("grpc", map => Grpc(map, directory)),
            ("command", map => Command(map, directory)))), atMost: MaxProbes) ?? [];

    private static HttpProbeSettings Http(MappingReader map, string directory)
    {
        var tls = TlsKeys.Read(map, directory);
        return new HttpProbeSettings(
            map.Optional("path").UrlPath() ?? "/health",
            map.Optional("port").Port(),
            tls.Enabled,
            tls.Ca,
            tls.SkipVerify,
            map.Optional("host").Host(),
            Status(map.Optional("status")),
            map.Optional("bodyContains").Text(),
            map.Optional("headers").Mapping(Headers) ?? [],
            map.Optional("timeout").Duration() ?? Timeout);
    }

    private static TcpProbeSettings Tcp(MappingReader map) =>
        new(map.Optional("port").Port(), map.Optional("timeout").Duration() ?? Timeout);

    private static GrpcProbeSettings Grpc(MappingReader map, string directory)
    {
        var tls = TlsKeys.Read(map, directory);
        return new GrpcProbeSettings(
            map.Optional("service").Text(mayBeEmpty: true) ?? string.Empty,
            map.Optional("port").Port(),
            tls.Enabled,
            tls.Ca,
            tls.SkipVerify,
            map.Optional("host").Host(),
            map.Optional("timeout").Duration() ?? Timeout);
    }

    private static CommandProbeSettings Command(MappingReader map, string directory)
    {
        var run = map.Required("run").List(item => item.Text(mayBeEmpty: !item.Path.EndsWith("[0]", StringComparison.Ordinal))) ?? [];
        return new CommandProbeSettings(Program(run, directory), map.Optional("timeout").Duration() ?? TimeSpan.FromSeconds(10));
    }

    /// <summary>A command line whose program is a path if it has a slash.</summary>
    internal static IReadOnlyList<string> Program(IReadOnlyList<string> run, string directory) =>
        [.. run.Select((word, index) => index == 0 && word.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(word, directory) : word)];

    /// <summary>One status code or a list of them.</summary>
    private static List<int> Status(Field field)
    {
        if (!field.IsGiven)
            return [200];
        IReadOnlyList<Field> items = field.Value is YamlSequence ? field.Items(atMost: 100) : [field];
        return [.. items.Select(item => item.Integer(100, 599)).OfType<int>()];
    }

    private static Dictionary<string, string> Headers(MappingReader map)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, field) in map.All())
        {
            if (!HeaderName().IsMatch(name))
                field.Fail($"{Shown.Quoted(name)} is no name of a header");
            else if (field.Text(mayBeEmpty: true) is { } value && !headers.TryAdd(name, value))
                field.Fail($"header {Shown.Quoted(name)} is given twice: capitals make no difference");
        }

        return headers;
    }

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]+\z")]
    private static partial Regex HeaderName();
}
