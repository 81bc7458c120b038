using System.Globalization;
using Refresh.Benchmarks.Engine;
using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;

namespace Refresh.Benchmarks.Lab;

/// <summary>A whole run on the lab behind HAProxy, against what the lab's own delays and the soak make necessary.</summary>
internal static class LabSuite
{
    // A quick clone and boot of a real hypervisor.
    private static readonly TimeSpan s_clone = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_boot = TimeSpan.FromSeconds(30);

    /// <summary>Prints a row for each number of pairs; all pairs are worked on at once, without canaries.</summary>
    /// <param name="args">Numbers of pairs; 4 and 50 if none.</param>
    public static async Task RunAsync(string[] args)
    {
        List<string> steps = [];
        Console.WriteLine("| Pairs | Lab's delays and soak (s) | With the waits of the fleet file (s) | Run (s) | Ratio | Ratio to the second | CPU of Refresh (s) | Load average before, after |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach (var pairs in args.Length > 0 ? args.Select(text => int.Parse(text, CultureInfo.InvariantCulture)) : [4, 50])
            steps.Add(await MeasureAsync(pairs));
        Console.WriteLine();
        Console.WriteLine(StepTimes.Header);
        steps.ForEach(Console.WriteLine);
    }

    private static async Task<string> MeasureAsync(int pairs)
    {
        using var folder = new TemporaryFolder();
        var executable = LabExecutable.Library(Path.Combine(AppContext.BaseDirectory, "refresh.dll"));
        var options = new LabOptions(folder.File("lab")) { Pairs = pairs, CloneDelay = s_clone, BootDelay = s_boot, Balancer = BalancerChoice.HAProxy, Lifetime = TimeSpan.FromMinutes(30) };
        var lab = await LabLauncher.StartAsync(options, executable, CancellationToken.None);
        try
        {
            var fleet = folder.File("fleet.yaml");
            await File.WriteAllTextAsync(fleet, BenchFleet.Text(lab, pairs));
            var bound = 2 * (s_clone + s_boot + BenchFleet.Soak);
            var demanded = bound + (2 * BenchFleet.Waits);
            var before = LoadAverage();
            var took = await TimedProcess.RunAsync(executable, ["run", fleet, "--yes", "--journal", folder.File("journal.db")]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {pairs} | {bound.TotalSeconds:0.0} | {demanded.TotalSeconds:0.0} | {took.Elapsed.TotalSeconds:0.0} | {took.Elapsed / bound:0.000} | {took.Elapsed / demanded:0.000} | {took.Cpu.TotalSeconds:0.0} | {before}, {LoadAverage()} |"));
            return await StepTimes.RowAsync(pairs, folder.File("journal.db"));
        }
        finally
        {
            await LabLauncher.StopAsync(options.Directory, TimeProvider.System, CancellationToken.None);
        }
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
