using System.Globalization;
using Refresh.Lab.Client;

namespace Refresh.Orchestrator.Demo;

/// <summary>The fleet file of the demo: a real one, with times that fit a lab.</summary>
internal static class DemoFleet
{
    public const string Old = "web@1.0.0";
    public const string New = "web@1.1.0";

    public static string Text(LabFacts lab, Uri site, string provisioner, TimeSpan rebuild) => string.Create(CultureInfo.InvariantCulture, $$"""
        # The fleet of the demo. It stays a valid fleet file for as long as the lab runs.
        apiVersion: refresh/v1
        kind: Fleet
        name: demo
        image: {{New}}
        images: {{Quoted(lab.Images)}}
        {{Balancer(lab, site)}}
        probes:
          - http: { path: /health, timeout: 1s }
        identity:
          http: { path: /identity, timeout: 1s }
        provisioner:
          {{provisioner}}
        canary: { pairs: 1, bake: 2s }
        waves: { maxPairsAtOnce: 3 }
        guard: { timeout: 15s, interval: 500ms, maxAge: 3s }
        drain: { timeout: 20s, interval: 100ms }
        rebuild: { timeout: {{rebuild.TotalSeconds}}s }
        verify: { timeout: 15s, interval: 200ms }
        rejoin: { timeout: 10s }
        soak: { duration: 2s, interval: 200ms }
        watch: { interval: 200ms }
        pairs:
        {{string.Join('\n', lab.Vms.GroupBy(vm => vm.Pair).Select(pair => Pair(pair, lab.Balancers.Count > 0)))}}

        """);

    /// <summary>The lab as provisioner.</summary>
    public static string Lab(LabFacts lab) => $"lab: {{ url: \"{lab.Api}\" }}";

    private static string Balancer(LabFacts lab, Uri site) => lab.Balancers is { Count: > 0 } nodes
        ? $$"""
          balancer:
            haproxy:
              sockets: [{{string.Join(", ", nodes.Select(node => Quoted("unix:" + node.Socket)))}}]
              backend: {{nodes[0].Backend}}
          """
        : $$"""
          balancer:
            yarp: { listen: "{{site.Host}}:{{site.Port}}", healthPath: /health, healthInterval: 200ms, stateFile: rotation.json }
          """;

    private static string Pair(IGrouping<string?, LabVm> pair, bool haproxy) =>
        $"  - name: {pair.Key}\n    members:\n" + string.Join('\n', pair.Select(vm => string.Create(
            CultureInfo.InvariantCulture, $"      - {{ name: {vm.Member}, address: \"{vm.Host}:{vm.Port}\"{(haproxy ? $", server: {vm.Name}" : string.Empty)}, vm: {vm.Name} }}")));

    // YAML's double quotes take JSON's escapes.
    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
