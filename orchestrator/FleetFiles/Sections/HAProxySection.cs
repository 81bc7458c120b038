using System.Globalization;
using System.Text;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.FleetFiles.Yaml;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>HAProxy: its sockets, and which server each member is.</summary>
internal static class HAProxySection
{
    /// <summary>What fits into <c>sockaddr_un</c> beside the final zero.</summary>
    private const int MaxSocketPath = 107;

    public static HAProxySettings Read(MappingReader map, IReadOnlyList<MemberText> members, string directory)
    {
        var backend = map.Optional("backend");
        return new HAProxySettings(
            ReadSockets(map.Required("sockets"), directory),
            ReadServers(members, backend.HAProxyName(), backend),
            map.Optional("drain").Choice(("state", HAProxyDrain.State), ("weight", HAProxyDrain.Weight)) ?? HAProxyDrain.State,
            ReadWeights(map.Optional("rejoinWeights")),
            map.Optional("rejoinInterval").Interval() ?? TimeSpan.FromSeconds(10),
            map.Optional("commandTimeout").Duration() ?? TimeSpan.FromSeconds(5));
    }

    private static IReadOnlyList<HAProxySockets> ReadSockets(Field field, string directory)
    {
        var claims = new Claims("socket", "each HAProxy process is named once");
        return field.List(item => item.Value is YamlMapping
            ? item.Mapping(map => ReadNode(map.Required("admin"), map.Optional("master"), directory, claims))
            : ReadNode(item, null, directory, claims)) ?? [];
    }

    private static HAProxySockets? ReadNode(Field adminField, Field? masterField, string directory, Claims claims)
    {
        var admin = ReadSocket(adminField, directory, claims);
        var master = masterField is null ? null : ReadSocket(masterField, directory, claims);
        return admin is null ? null : new HAProxySockets(admin, master);
    }

    private static string? ReadSocket(Field field, string directory, Claims claims)
    {
        var socket = ReadSocket(field, directory);
        if (socket is not null)
            claims.Claim(socket, "another entry", field);
        return socket;
    }

    private static string? ReadSocket(Field field, string directory)
    {
        if (field.Text() is not { } text)
            return null;
        if (text.StartsWith("tcp:", StringComparison.Ordinal))
            return field.With(text[4..]).ReachableEndpoint() is { } endpoint ? $"tcp:{endpoint}" : null;
        if (!text.StartsWith("unix:", StringComparison.Ordinal) || text.Length == 5)
            return field.Fail<string>($"'{field.Path}' must be a socket of HAProxy, not {field.Written}", "write unix:/run/haproxy/admin.sock or tcp:10.0.0.2:9999");
        return field.With(text[5..]).File(directory) is not { } path ? null
            : Encoding.UTF8.GetByteCount(path) <= MaxSocketPath ? $"unix:{path}"
            : field.Fail<string>(string.Create(CultureInfo.InvariantCulture, $"'{field.Path}' is longer than {MaxSocketPath} bytes, the most that a unix socket's path can have"));
    }

    private static Dictionary<MemberId, HAProxyServer> ReadServers(IReadOnlyList<MemberText> members, string? common, Field commonField)
    {
        var claims = new Claims("server", "two members cannot be one server of HAProxy; each needs a 'server' of its own");
        var servers = new Dictionary<MemberId, HAProxyServer>();
        foreach (var member in members)
        {
            var backend = member.Backend.IsGiven ? member.Backend.HAProxyName() : common;
            if (backend is null && !member.Backend.IsGiven && !commonField.IsGiven)
                member.At.Fail($"member {member.Id} has no backend", "give 'backend' to 'balancer.haproxy', or to the member");
            var server = member.Server.IsGiven ? member.Server.HAProxyName() : member.Id.Name;
            if (backend is null || server is null)
                continue;
            servers[member.Id] = new HAProxyServer(backend, server);
            claims.Claim($"{servers[member.Id]}", $"member {member.Id}", member.Server.IsGiven ? member.Server : member.At);
        }

        return servers;
    }

    private static List<int> ReadWeights(Field field)
    {
        if (!field.IsGiven)
            return [];
        var weights = field.Items(atMost: 100).Select(item => item.Integer(1, 100)).ToList();
        if (!weights.Contains(null) && weights.Count > 0 && (weights[^1] != 100 || weights.Zip(weights.Skip(1)).Any(step => step.First >= step.Second)))
            field.Fail($"'{field.Path}' must climb and end with 100", "for example [10, 50, 100]");
        return [.. weights.OfType<int>()];
    }

    private static Field With(this Field field, string text) => field with { Value = new YamlScalar(field.Value!.At, text, Plain: false) };
}
