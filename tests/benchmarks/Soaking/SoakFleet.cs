using Refresh.Lab.Client;

namespace Refresh.Benchmarks.Soaking;

/// <summary>The fleet file of the soak program: short waits, long deadlines.</summary>
internal static class SoakFleet
{
    /// <summary>Its text.</summary>
    /// <param name="lab">The lab.</param>
    public static string Text(LabFacts lab) => $$"""
        apiVersion: refresh/v1
        kind: Fleet
        name: soak
        image: web@1.1.0
        images: {{lab.Images}}
        balancer:
          haproxy: { sockets: ["unix:{{lab.Balancers[0].Socket}}"], backend: {{lab.Balancers[0].Backend}} }
        probes:
          - http: { path: /health, timeout: 5s }
        identity:
          http: { path: /identity, timeout: 5s }
        provisioner:
          lab: { url: "{{lab.Api}}" }
        canary: { pairs: 1, bake: 300ms }
        waves: { maxPairsAtOnce: 2 }
        guard: { timeout: 1m, interval: 100ms, maxAge: 10s }
        drain: { timeout: 1m, interval: 50ms }
        rebuild: { timeout: 2m }
        verify: { timeout: 1m, interval: 100ms }
        rejoin: { timeout: 1m }
        soak: { duration: 400ms, interval: 100ms }
        watch: { interval: 100ms }
        pairs:
        {{string.Join('\n', lab.Vms.GroupBy(vm => vm.Pair).Select(pair => $"  - name: {pair.Key}\n    members:\n" + string.Join('\n', pair.Select(vm => $"      - {{ name: {vm.Member}, address: \"{vm.Host}:{vm.Port}\", server: {vm.Name}, vm: {vm.Name} }}"))))}}

        """;
}
