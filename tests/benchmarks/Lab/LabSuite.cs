using System.Diagnostics;
using System.Globalization;
using Refresh.Benchmarks.Engine;
using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;

namespace Refresh.Benchmarks.Lab;

/// <summary>A whole run on the lab behind HAProxy, against what the lab's own delays and the soak make necessary.</summary>
internal static class LabSuite
{
    private static readonly TimeSpan s_clone = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_boot = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_soak = TimeSpan.FromSeconds(20);

    /// <summary>Prints a row for each number of pairs; all pairs are worked on at once, without canaries.</summary>
    /// <param name="args">Numbers of pairs; 4 and 50 if none.</param>
    public static async Task RunAsync(string[] args)
    {
        Console.WriteLine("| Pairs | Lower bound (s) | Run (s) | Ratio |");
        Console.WriteLine("|---:|---:|---:|---:|");
        foreach (var pairs in args.Length > 0 ? args.Select(text => int.Parse(text, CultureInfo.InvariantCulture)) : [4, 50])
            await MeasureAsync(pairs);
    }

    private static async Task MeasureAsync(int pairs)
    {
        using var folder = new TemporaryFolder();
        var executable = LabExecutable.Library(Path.Combine(AppContext.BaseDirectory, "refresh.dll"));
        var options = new LabOptions(folder.File("lab")) { Pairs = pairs, CloneDelay = s_clone, BootDelay = s_boot, Balancer = BalancerChoice.HAProxy, Lifetime = TimeSpan.FromMinutes(15) };
        var lab = await LabLauncher.StartAsync(options, executable, CancellationToken.None);
        try
        {
            var fleet = folder.File("fleet.yaml");
            await File.WriteAllTextAsync(fleet, Text(lab, pairs));
            var bound = 2 * (s_clone + s_boot + s_soak);
            var took = await RefreshAsync(executable, fleet, folder.File("journal.db"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {pairs} | {bound.TotalSeconds:0.0} | {took.TotalSeconds:0.0} | {took / bound:0.000} |"));
        }
        finally
        {
            await LabLauncher.StopAsync(options.Directory, TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task<TimeSpan> RefreshAsync(LabExecutable executable, string fleet, string journal)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(executable.FileName, [.. executable.Prefix, "run", fleet, "--yes", "--journal", journal]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? watch.Elapsed : throw new InvalidOperationException($"The run failed with exit code {process.ExitCode}:\n{output}");
    }

    private static string Text(LabFacts lab, int pairs) => string.Create(CultureInfo.InvariantCulture, $$"""
        apiVersion: refresh/v1
        kind: Fleet
        name: bench
        image: web@1.1.0
        images: {{lab.Images}}
        balancer:
          haproxy: { sockets: ["unix:{{lab.Balancers[0].Socket}}"], backend: {{lab.Balancers[0].Backend}} }
        probes:
          - http: { path: /health, timeout: 2s }
        provisioner:
          lab: { url: "{{lab.Api}}" }
        canary: { pairs: 0 }
        waves: { maxPairsAtOnce: {{pairs}} }
        guard: { timeout: 1m, interval: 500ms, maxAge: 10s }
        drain: { timeout: 1m, interval: 100ms }
        verify: { timeout: 2m, interval: 200ms }
        soak: { duration: {{s_soak.TotalSeconds}}s, interval: 1s }
        watch: { interval: 1s }
        pairs:
        {{string.Join('\n', lab.Vms.GroupBy(vm => vm.Pair).Select(pair => $"  - name: {pair.Key}\n    members:\n" + string.Join('\n', pair.Select(vm => $"      - {{ name: {vm.Member}, address: \"{vm.Host}:{vm.Port}\", server: {vm.Name}, vm: {vm.Name} }}"))))}}

        """);
}
