using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>A lab behind HAProxy and the service that refreshes it.</summary>
internal sealed class ServedLab : IAsyncDisposable
{
    private ServedLab(LabFixture lab, Service service) => (Lab, Service) = (lab, service);

    public LabFixture Lab { get; }

    public Service Service { get; }

    public static async Task<ServedLab> StartAsync(string approval = "none", int pairs = 1, int cloneMs = 200, params (string Key, string Value)[] settings)
    {
        var lab = await LabFixture.StartAsync(options => options with { Pairs = pairs, Balancer = BalancerChoice.HAProxy, CloneDelay = TimeSpan.FromMilliseconds(cloneMs) });
        var served = new ServedLab(lab, await Service.StartAsync(settings));
        await served.WriteAsync(served.Fleet(approval));
        using var client = await served.Service.ClientAsync("setup", "admin");
        await client.UntilAsync("/v1/fleets", fleets => fleets.GetProperty("items").GetArrayLength() == 1);
        await client.UntilAsync("/v1/fleets/lab/members/web-1/a", member => member.GetProperty("serves").GetBoolean());
        await client.UntilAsync("/v1/fleets/lab/members/web-1/b", member => member.GetProperty("serves").GetBoolean());
        return served;
    }

    /// <summary>Writes a fleet file whole.</summary>
    public async Task WriteAsync(string text, string name = "lab")
    {
        var draft = Path.Combine(Service.Folder, "draft");
        await File.WriteAllTextAsync(draft, text, TestContext.Current.CancellationToken);
        File.Move(draft, Path.Combine(Service.Fleets, name + ".yaml"), overwrite: true);
    }

    public string Fleet(string approval = "none", string name = "lab", string? pair = null) => Fleet(Lab.Facts, approval, name, pair);

    /// <summary>A fleet file for a lab behind HAProxy, or for one pair of it.</summary>
    public static string Fleet(LabFacts lab, string approval, string name, string? pair = null) => $$"""
        apiVersion: refresh/v1
        kind: Fleet
        name: {{name}}
        image: web@1.1.0
        images: {{lab.Images}}
        approval: {{approval}}
        balancer:
          haproxy: { sockets: ["unix:{{lab.Balancers[0].Socket}}"], backend: {{lab.Balancers[0].Backend}} }
        probes:
          - http: { path: /health, timeout: 2s }
        provisioner:
          lab: { url: "{{lab.Api}}" }
        canary: { pairs: 1, bake: 200ms }
        guard: { timeout: 40s, interval: 100ms, maxAge: 5s }
        drain: { timeout: 40s, interval: 50ms }
        verify: { timeout: 40s, interval: 100ms }
        rejoin: { timeout: 40s }
        soak: { duration: 300ms, interval: 100ms }
        watch: { interval: 100ms }
        pairs:
        {{string.Join('\n', lab.Vms.GroupBy(vm => vm.Pair).Where(vms => pair is null || vms.Key == pair).Select(Pair))}}

        """;

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Lab.DisposeAsync();
    }

    private static string Pair(IGrouping<string?, LabVm> pair) => $$"""
          - name: {{pair.Key}}
            members:
        {{string.Join('\n', pair.Select(vm => $"      - {{ name: {vm.Member}, address: {vm.Host}:{vm.Port}, server: {vm.Name}, vm: {vm.Name} }}"))}}
        """;
}
