using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Benchmarks.Engine;

/// <summary>The time that Refresh itself takes for a member: core, engine and journal, with a world that answers at once and no waits.</summary>
internal static class OverheadSuite
{
    /// <summary>Prints the time per member, over so many pairs, one after the other.</summary>
    /// <param name="args">Nothing, or the number of pairs.</param>
    public static async Task RunAsync(string[] args)
    {
        var pairs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50;
        await MeasureAsync(5);
        var (elapsed, entries) = await MeasureAsync(pairs);
        Console.WriteLine("| Members | Time (s) | Per member (ms) | Journal entries per member |");
        Console.WriteLine("|---:|---:|---:|---:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {pairs * 2} | {elapsed.TotalSeconds:0.00} | {elapsed.TotalMilliseconds / (pairs * 2):0.0} | {entries / (pairs * 2.0):0.0} |"));
    }

    private static async Task<(TimeSpan Elapsed, long Entries)> MeasureAsync(int pairs)
    {
        var clock = TimeProvider.System;
        using var folder = new TemporaryFolder();
        await using var journal = await SqliteRunJournal.OpenAsync(folder.File("journal.db"), clock, CancellationToken.None);
        var options = new WorkerOptions { Worker = "bench", LeaseDuration = TimeSpan.FromMinutes(1) };
        var lease = await journal.AcquireAsync("bench", options.Worker, options.LeaseDuration, CancellationToken.None);
        var planned = InstantFleet.Plan("bench", pairs);
        var run = RunFold.Begin(planned, clock.GetUtcNow());
        await journal.CreateAsync(lease, RunHeads.Of(run, 1), [], [new JournalEntry(run.Id, 1, run.StartedAt, lease.Epoch, planned)], CancellationToken.None);
        var worker = new RunWorker(new InstantFleet(clock).Ports(journal), options, run, 1, new Nobody(), NullLogger<RunWorker>.Instance);
        var watch = Stopwatch.StartNew();
        var end = await worker.WorkAsync(lease, new BeginRun(), CancellationToken.None);
        watch.Stop();
        return end.State == RunState.Succeeded
            ? (watch.Elapsed, (await journal.FindAsync(run.Id, CancellationToken.None))!.Sequence)
            : throw new InvalidOperationException($"The run ended {end.State}: {end.Why}");
    }

    private sealed class Nobody : IRunWatcher
    {
        public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
        {
        }

        public void Progressed(MemberId member, string text)
        {
        }
    }
}
