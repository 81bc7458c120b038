using System.Diagnostics;
using System.Globalization;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Benchmarks.Engine;

/// <summary>Appends to the journal, one entry a commit, each on disk before the next.</summary>
internal static class JournalSuite
{
    private const int Warmup = 100;

    /// <summary>Prints how many commits a second there are, over so many seconds.</summary>
    /// <param name="args">Nothing, or the seconds.</param>
    public static async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
        using var folder = new TemporaryFolder();
        await using var journal = await SqliteRunJournal.OpenAsync(folder.File("journal.db"), TimeProvider.System, CancellationToken.None);
        var lease = await journal.AcquireAsync("bench", "bench", TimeSpan.FromHours(1), CancellationToken.None);
        var run = await BeginAsync(journal, lease);
        var sequence = 1L;
        for (var i = 0; i < Warmup; i++)
            sequence = await AppendAsync(journal, lease, run, sequence);

        var times = new List<double>();
        var whole = Stopwatch.StartNew();
        while (whole.Elapsed.TotalSeconds < seconds)
        {
            var one = Stopwatch.GetTimestamp();
            sequence = await AppendAsync(journal, lease, run, sequence);
            times.Add(Stopwatch.GetElapsedTime(one).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine("| Commits | Commits/s | p50 (ms) | p99 (ms) |");
        Console.WriteLine("|---:|---:|---:|---:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {times.Count:N0} | {times.Count / whole.Elapsed.TotalSeconds:N0} | {times[times.Count / 2]:0.00} | {times[times.Count * 99 / 100]:0.00} |"));
    }

    private static async Task<Run> BeginAsync(SqliteRunJournal journal, Lease lease)
    {
        var at = TimeProvider.System.GetUtcNow();
        var planned = InstantFleet.Plan("bench", pairs: 1);
        var run = RunFold.Begin(planned, at);
        await journal.CreateAsync(lease, RunHeads.Of(run, 1), ["127.0.0.1:1"], [new JournalEntry(run.Id, 1, at, lease.Epoch, planned)], CancellationToken.None);
        return run;
    }

    private static async Task<long> AppendAsync(SqliteRunJournal journal, Lease lease, Run run, long sequence)
    {
        var entry = new JournalEntry(run.Id, sequence + 1, TimeProvider.System.GetUtcNow(), lease.Epoch, new TakenOver("bench"));
        await journal.AppendAsync(lease, RunHeads.Of(run, sequence + 1), sequence, [entry], [], CancellationToken.None);
        return sequence + 1;
    }
}
