namespace Refresh.EndToEnd.Tests.Stage;

/// <summary>A fleet file for a lab, with times that suit tests.</summary>
internal sealed record FleetText(Refresh.Lab.Client.LabFacts Lab)
{
    public string Name { get; init; } = "lab";

    public string Image { get; init; } = "web@1.1.0";

    public string Images { get; init; } = Lab.Images;

    public string Canary { get; init; } = "{ pairs: 1, bake: 300ms }";

    public int AtOnce { get; init; } = 4;

    public string FailureBudget { get; init; } = "{ pairs: 0, members: 0 }";

    public string GuardTimeout { get; init; } = "40s";

    public string Drain { get; init; } = "timeout: 40s";

    public string RebuildTimeout { get; init; } = "1m";

    public string VerifyTimeout { get; init; } = "40s";

    public string RejoinTimeout { get; init; } = "40s";

    public string Provisioner { get; init; } = $"lab: {{ url: \"{Lab.Api}\" }}";

    public string Soak { get; init; } = "400ms";

    public override string ToString() => $$"""
        apiVersion: refresh/v1
        kind: Fleet
        name: {{Name}}
        image: {{Image}}
        images: {{Images}}
        balancer:
          haproxy: { sockets: [{{string.Join(", ", Lab.Balancers.Select(node => $"\"unix:{node.Socket}\""))}}], backend: {{Lab.Balancers[0].Backend}} }
        probes:
          - http: { path: /health, timeout: 2s }
        identity:
          http: { path: /identity, timeout: 2s }
        provisioner:
          {{Provisioner}}
        canary: {{Canary}}
        waves: { maxPairsAtOnce: {{AtOnce}} }
        failureBudget: {{FailureBudget}}
        guard: { timeout: {{GuardTimeout}}, interval: 100ms, maxAge: 5s }
        drain: { {{Drain}}, interval: 50ms }
        rebuild: { timeout: {{RebuildTimeout}} }
        verify: { timeout: {{VerifyTimeout}}, interval: 100ms }
        rejoin: { timeout: {{RejoinTimeout}} }
        soak: { duration: {{Soak}}, interval: 100ms }
        watch: { interval: 100ms }
        pairs:
        {{string.Join('\n', Lab.Vms.GroupBy(vm => vm.Pair).Select(Pair))}}

        """;

    private static string Pair(IGrouping<string?, Refresh.Lab.Client.LabVm> pair) => $$"""
          - name: {{pair.Key}}
            members:
        {{string.Join('\n', pair.Select(vm => $"      - {{ name: {vm.Member}, address: {vm.Host}:{vm.Port}, server: {vm.Name}, vm: {vm.Name} }}"))}}
        """;
}
