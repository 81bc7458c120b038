using System.Diagnostics;
using System.Globalization;
using Refresh.Benchmarks.Engine;
using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Journals;

namespace Refresh.Benchmarks.Soaking;

/// <summary>Refreshes back to back on the lab behind HAProxy under load, for a time, with faults at random. It fails when a request fails, a run does not succeed, or memory, handles or the journal grow.</summary>
internal static class SoakSuite
{
    private const int CompactEvery = 8;
    private const int Pairs = 2;
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(10);

    /// <summary>Prints a row after every run and a verdict at the end.</summary>
    /// <param name="args"><c>--time 10m</c> and <c>--seed N</c>.</param>
    public static async Task RunAsync(string[] args)
    {
        var time = Duration.Parse(Value(args, "--time") ?? "10m") ?? throw new ArgumentException("--time is a duration, for example 10m.");
        var seed = int.Parse(Value(args, "--seed") ?? Environment.ProcessId.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        Environment.SetEnvironmentVariable("REFRESH_LEASE", "2s");
        using var folder = new TemporaryFolder();
        var executable = LabExecutable.Library(Path.Combine(AppContext.BaseDirectory, "refresh.dll"));
        var options = new LabOptions(folder.File("lab")) { Pairs = Pairs, CloneDelay = TimeSpan.FromMilliseconds(500), BootDelay = TimeSpan.FromMilliseconds(100), Balancer = BalancerChoice.HAProxy, Lifetime = time + s_grace };
        var lab = await LabLauncher.StartAsync(options, executable, CancellationToken.None);
        try
        {
            Console.WriteLine($"Seed {seed}, {Pairs} pairs, {time}.");
            Environment.ExitCode = await SoakAsync(lab, executable, folder, time, new Random(seed)) ? 0 : 1;
        }
        finally
        {
            await LabLauncher.StopAsync(options.Directory, TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task<bool> SoakAsync(LabFacts lab, LabExecutable executable, TemporaryFolder folder, TimeSpan time, Random random)
    {
        var (fleet, journal) = (folder.File("fleet.yaml"), folder.File("journal.db"));
        await File.WriteAllTextAsync(fleet, SoakFleet.Text(lab));
        using var client = new LabClient(lab.Api);
        await using var load = new SoakLoad(executable, lab.Balancers[0].Frontend, time + s_grace);
        var runs = new SoakRuns(executable, client, [.. lab.Vms.Select(vm => vm.Name)], fleet, journal, random);
        var (looks, struck, findings) = (new List<SoakLook>(), new Dictionary<SoakFault, int>(), new List<string>());
        Console.WriteLine("| Run | Fault | Took (s) | Heap (MB) | Handles | Threads | Lab (MB) | Lab's handles | Journal (KB) | Requests | Failed |");
        Console.WriteLine("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (var (watch, number) = (Stopwatch.StartNew(), 1); watch.Elapsed < time; number++)
        {
            var fault = random.Next(3) == 0 ? SoakFault.None : (SoakFault)random.Next(Enum.GetValues<SoakFault>().Length);
            struck[fault] = struck.GetValueOrDefault(fault) + 1;
            var began = watch.Elapsed;
            if (await runs.RunAsync(fault) is { } failure)
                findings.Add($"run {number} ({fault}): {failure}");
            if (number % CompactEvery == 0)
                await CompactAsync(journal, folder.File("archive"));
            var look = SoakLook.Take(lab.Pid, journal);
            looks.Add(look);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {number} | {fault} | {(watch.Elapsed - began).TotalSeconds:0.0} | {look.Heap / 1e6:0.0} | {look.Handles} | {look.Threads} | {look.LabMemory / 1e6:0} | {look.LabHandles} | {look.Journal / 1000} | {load.Sent} | {load.Failed} |"));
        }

        await load.EndAsync();
        findings.AddRange(SoakGrowth.Of(looks));
        if (load.Failed > 0)
            findings.Add($"{load.Failed} of {load.Sent} requests failed:\n{string.Join('\n', load.Failures)}");
        Console.WriteLine($"\n{looks.Count} runs, {load.Sent} requests, {load.Failed} failed. Faults: {string.Join(", ", struck.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}"))}.");
        Console.WriteLine(findings.Count == 0 ? "No finding." : $"Findings:\n{string.Join('\n', findings)}");
        return findings.Count == 0;
    }

    private static async Task CompactAsync(string path, string directory)
    {
        await using var journal = await SqliteRunJournal.OpenAsync(path, TimeProvider.System, CancellationToken.None);
        await new JournalCompaction(journal, "soak", TimeProvider.System).CompactAsync(TimeSpan.Zero, directory, CancellationToken.None);
        if ((await journal.VerifyAsync(CancellationToken.None)).Fault is { } fault)
            throw new InvalidOperationException(fault);
    }

    private static string? Value(string[] args, string name) =>
        Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
