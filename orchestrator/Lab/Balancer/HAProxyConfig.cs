using System.Globalization;
using System.Text;
using Refresh.Lab.Client;

namespace Refresh.Lab.Balancer;

/// <summary>The configuration of one HAProxy process: one frontend, and one backend with every VM as a server of its name.</summary>
internal static class HAProxyConfig
{
    public const string Backend = "web";

    private const int ShortestCheckMs = 200;

    // A fleet of a hundred checked five times a second would take a small machine for itself; those that are down, or just changing, are few.
    private const int CheckMsPerVm = 10;

    public static string Write(string host, int port, string socket, IReadOnlyCollection<LabVm> vms)
    {
        var inter = Math.Max(ShortestCheckMs, vms.Count * CheckMsPerVm);
        var servers = vms.Aggregate(new StringBuilder(), (text, vm) =>
            text.Append(CultureInfo.InvariantCulture, $"    server {vm.Name} {vm.Host}:{vm.Port}\n"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            global
                stats socket {socket} mode 600 level admin
                stats timeout 30s
                maxconn 4000

            defaults
                mode http
                timeout connect 1s
                timeout client 60s
                timeout server 60s
                timeout queue 5s
                timeout http-request 10s
                timeout http-keep-alive 60s
                timeout check 1s
                retries 3
                option redispatch
                http-reuse safe

            frontend front
                bind {host}:{port}
                default_backend {Backend}

            backend {Backend}
                balance roundrobin
                option httpchk GET /health
                http-check expect status 200
                default-server check inter {inter}ms fastinter {ShortestCheckMs / 2}ms downinter {ShortestCheckMs}ms rise 2 fall 2
            {servers}
            """);
    }
}
