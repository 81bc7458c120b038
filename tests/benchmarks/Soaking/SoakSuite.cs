using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Refresh.Benchmarks.Engine;
using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Lab.Commands;
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
        var time = LabOption.Time("--time", "How long, for example 10m.", TimeSpan.FromMinutes(10));
        var seed = new Option<int>("--seed") { Description = "What the faults are drawn by.", DefaultValueFactory = _ => Environment.ProcessId };
        var command = new RootCommand("Refreshes two pairs of the lab back to back under load, with faults at random. Ctrl-C ends it after the run that it is in.") { time, seed };
        command.SetAction((asked, _) => RunAsync(asked.Get(time), asked.GetValue(seed)));
        var parsed = command.Parse(args);
        Environment.ExitCode = parsed.Errors.Count > 0 ? Refused(parsed) : await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static int Refused(ParseResult mistaken)
    {
        foreach (var mistake in mistaken.Errors)
            Console.Error.WriteLine(mistake.Message);
        return 2;
    }

    private static async Task<int> RunAsync(TimeSpan time, int seed)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Environment.SetEnvironmentVariable("REFRESH_LEASE", "2s");
        using var folder = new TemporaryFolder();
        var executable = LabExecutable.Library(Path.Combine(AppContext.BaseDirectory, "refresh.dll"));
        var options = new LabOptions(folder.File("lab")) { Pairs = Pairs, CloneDelay = TimeSpan.FromMilliseconds(500), BootDelay = TimeSpan.FromMilliseconds(100), Balancer = BalancerChoice.HAProxy, Lifetime = time + s_grace };
        var lab = await LabLauncher.StartAsync(options, executable, CancellationToken.None);
        try
        {
            Console.WriteLine($"Seed {seed}, {Pairs} pairs, {time}.");
            return await SoakAsync(lab, executable, folder, time, new Random(seed), stop.Token) ? 0 : 1;
        }
        finally
        {
            await LabLauncher.StopAsync(options.Directory, TimeProvider.System, CancellationToken.None);
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<bool> SoakAsync(LabFacts lab, LabExecutable executable, TemporaryFolder folder, TimeSpan time, Random random, CancellationToken stop)
    {
        var (fleet, journal) = (folder.File("fleet.yaml"), folder.File("journal.db"));
        await File.WriteAllTextAsync(fleet, SoakFleet.Text(lab), stop);
        using var client = new LabClient(lab.Api);
        await using var load = new SoakLoad(executable, lab.Balancers[0].Frontend, time + s_grace);
        var runs = new SoakRuns(executable, client, [.. lab.Vms.Select(vm => vm.Name)], fleet, journal, random);
        var (looks, struck, findings) = (new List<SoakLook>(), new Dictionary<SoakFault, int>(), new List<string>());
        Console.WriteLine("| Run | Fault | Took (s) | Heap (MB) | Handles | Threads | Lab (MB) | Lab's handles | Journal (KB) | Requests | Failed |");
        Console.WriteLine("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (var (watch, number) = (Stopwatch.StartNew(), 1); watch.Elapsed < time && !stop.IsCancellationRequested; number++)
        {
            var fault = random.Next(3) == 0 ? SoakFault.None : (SoakFault)random.Next(Enum.GetValues<SoakFault>().Length);
            struck[fault] = struck.GetValueOrDefault(fault) + 1;
            var began = watch.Elapsed;
            // A run that was stopped together with the soak did not fail.
            if (await runs.RunAsync(fault) is { } failure && !stop.IsCancellationRequested)
                findings.Add($"run {number} ({fault}): {failure}");
            if (number % CompactEvery == 0)
                findings.AddRange(await CompactAsync(journal, folder.File("archive")));
            var look = SoakLook.Take(lab.Pid, journal);
            looks.Add(look);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {number} | {fault} | {(watch.Elapsed - began).TotalSeconds:0.0} | {look.Heap / 1e6:0.0} | {look.Handles} | {look.Threads} | {look.LabMemory / 1e6:0} | {look.LabHandles} | {look.Journal / 1000} | {load.Sent} | {load.Failed} |"));
        }

        await load.EndAsync();
        findings.AddRange(SoakGrowth.Of(looks));
        if (load.Failed > 0)
            findings.Add($"{load.Failed} of {load.Sent} requests failed:\n{string.Join('\n', load.Failures)}");
        Console.WriteLine($"{(stop.IsCancellationRequested ? "\nStopped before its time." : string.Empty)}\n{looks.Count} runs, {load.Sent} requests, {load.Failed} failed. Faults: {string.Join(", ", struck.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}"))}.");
        Console.WriteLine(findings.Count == 0 ? "No finding." : $"Findings:\n{string.Join('\n', findings)}");
        return findings.Count == 0;
    }

    private static async Task<IReadOnlyList<string>> CompactAsync(string path, string directory)
    {
        await using var journal = await SqliteRunJournal.OpenAsync(path, TimeProvider.System, CancellationToken.None);
        var done = await new JournalCompaction(journal, "soak", TimeProvider.System).CompactAsync(TimeSpan.Zero, directory, CancellationToken.None);
        if ((await journal.VerifyAsync(CancellationToken.None)).Fault is { } fault)
            throw new InvalidOperationException(fault);
        return [.. done.Kept.Append(done.Unwritable).OfType<string>()];
    }
}
