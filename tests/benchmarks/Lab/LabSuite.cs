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

    /// <summary>Prints a row for each number of pairs; there are no canaries.</summary>
    /// <param name="args">Numbers of pairs, each with <c>/N</c> for at most N of them at once, else all at once; 4 and 50 if none.</param>
    public static async Task RunAsync(string[] args)
    {
        List<string> steps = [];
        Console.WriteLine("| Pairs | At once | Lab's delays and soak (s) | With the waits of the fleet file (s) | Run (s) | Ratio | Ratio to the second | CPU of Refresh (s) | Load average before, after |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach (var size in args.Length > 0 ? args : ["4", "50"])
        {
            int[] numbers = [.. size.Split('/').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            steps.Add(await MeasureAsync(numbers[0], numbers[^1]));
        }

        Console.WriteLine();
        Console.WriteLine(StepTimes.Header);
        steps.ForEach(Console.WriteLine);
    }

    private static async Task<string> MeasureAsync(int pairs, int atOnce)
    {
        using var folder = new TemporaryFolder();
        var executable = LabExecutable.Library(Path.Combine(AppContext.BaseDirectory, "refresh.dll"));
        var options = new LabOptions(folder.File("lab")) { Pairs = pairs, CloneDelay = s_clone, BootDelay = s_boot, Balancer = BalancerChoice.HAProxy, Lifetime = TimeSpan.FromHours(1) };
        var lab = await LabLauncher.StartAsync(options, executable, CancellationToken.None);
        try
        {
            var fleet = folder.File("fleet.yaml");
            await File.WriteAllTextAsync(fleet, BenchFleet.Text(lab, atOnce));
            var rounds = (pairs + atOnce - 1) / atOnce;
            var bound = rounds * 2 * (s_clone + s_boot + BenchFleet.Soak);
            var demanded = bound + (rounds * 2 * BenchFleet.Waits);
            var before = LoadAverage();
            var took = await TimedProcess.RunAsync(executable, ["run", fleet, "--yes", "--journal", folder.File("journal.db")]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {pairs} | {atOnce} | {bound.TotalSeconds:0.0} | {demanded.TotalSeconds:0.0} | {took.Elapsed.TotalSeconds:0.0} | {took.Elapsed / bound:0.000} | {took.Elapsed / demanded:0.000} | {took.Cpu.TotalSeconds:0.0} | {before}, {LoadAverage()} |"));
            return await StepTimes.RowAsync(pairs, folder.File("journal.db"));
        }
        finally
        {
            await LabLauncher.StopAsync(options.Directory, TimeProvider.System, CancellationToken.None);
        }
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
