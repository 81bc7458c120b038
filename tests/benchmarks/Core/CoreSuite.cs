using System.Diagnostics;
using System.Globalization;
using Refresh.Workflows.Machines;

namespace Refresh.Benchmarks.Core;

/// <summary>The core alone: runs of many pairs, planned and worked through in virtual time, with nothing going wrong.</summary>
internal static class CoreSuite
{
    private static readonly int[] s_sizes = [1_000, 2_500, 5_000, 10_000];

    /// <summary>Prints a table with a row for each size; with a number as argument, for that size only.</summary>
    /// <param name="args">Nothing, or the number of pairs and how many are worked on at once.</param>
    public static Task RunAsync(string[] args)
    {
        var sizes = args.Length > 0 ? [int.Parse(args[0], CultureInfo.InvariantCulture)] : s_sizes;
        var atOnce = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 50;
        _ = new CalmRun(100, atOnce).ToTheEnd();

        Console.WriteLine("| Pairs | At once | Plan (s) | Run (s) | Fold (s) | CPU (s) | Decisions | Decisions/s | Events | Virtual time | Peak working set (MiB) |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var pairs in sizes)
            Measure(pairs, atOnce);
        return Task.CompletedTask;
    }

    private static void Measure(int pairs, int atOnce)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var calm = new CalmRun(pairs, atOnce);
        var planned = Lap(clock);
        var end = calm.ToTheEnd();
        var ran = Lap(clock);
        var again = calm.Fold();
        var folded = Lap(clock);
        if (end.State != RunState.Succeeded || again.State != RunState.Succeeded)
            throw new InvalidOperationException($"The run of {pairs} pairs ended {end.State} and was read back {again.State}.");
        process.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {pairs:N0} | {atOnce} | {planned:0.000} | {ran:0.000} | {folded:0.000} | {(process.TotalProcessorTime - processor).TotalSeconds:0.000} | {calm.Decisions:N0} | {calm.Decisions / ran:N0} | {calm.Events.Count:N0} | {end.UpdatedAt - end.StartedAt:d\\.hh\\:mm\\:ss} | {process.PeakWorkingSet64 / 1048576.0:N0} |"));
    }

    private static double Lap(Stopwatch clock)
    {
        var seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        return seconds;
    }
}
