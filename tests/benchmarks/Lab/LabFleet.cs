using Refresh.Lab.Client;

namespace Refresh.Benchmarks.Lab;

/// <summary>A fleet file for a lab behind HAProxy.</summary>
internal static class LabFleet
{
    /// <summary>Its text.</summary>
    /// <param name="lab">The lab; every VM of it is a member.</param>
    /// <param name="name">The fleet's name.</param>
    /// <param name="policy">How it is refreshed: further lines of the file, without indentation.</param>
    public static string Text(LabFacts lab, string name, string policy) => $$"""
        apiVersion: refresh/v1
        kind: Fleet
        name: {{name}}
        image: web@1.1.0
        images: {{lab.Images}}
        balancer:
          haproxy: { sockets: ["unix:{{lab.Balancers[0].Socket}}"], backend: {{lab.Balancers[0].Backend}} }
        probes:
          - http: { path: /health, timeout: 5s }
        provisioner:
          lab: { url: "{{lab.Api}}" }
        {{policy}}
        pairs:
        {{string.Join('\n', lab.Vms.GroupBy(vm => vm.Pair).Select(Pair))}}

        """;

    private static string Pair(IGrouping<string?, LabVm> pair) =>
        $"  - name: {pair.Key}\n    members:\n" + string.Join('\n', pair.Select(vm => $"      - {{ name: {vm.Member}, address: \"{vm.Host}:{vm.Port}\", server: {vm.Name}, vm: {vm.Name} }}"));
}
