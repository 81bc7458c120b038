using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Composition;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Demo;

/// <summary>The main job, live: a fleet of real processes behind a real balancer is refreshed while a load counts every request.</summary>
internal sealed class Demonstration(CommandContext context, DemoOptions options)
{
    // A rebuild that fails is tried once more; the fault is to outlast that.
    private const int Clones = 3;
    private volatile bool _running;

    /// <summary>Plays it. Ctrl-C during the run is the run's own; before and after it, the demo ends and takes its lab with it.</summary>
    public async Task<int> PlayAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupts = new Interrupts(() => StopUnlessRunning(stop), again: () => StopUnlessRunning(stop));
        try
        {
            return await SetUpAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCodes.Cancelled, "demo-stopped", "The demo was stopped, and its lab with it: nothing of it goes on.");
        }
    }

    private void StopUnlessRunning(CancellationTokenSource stop)
    {
        if (!_running)
            stop.Cancel();
    }

    private async Task<int> SetUpAsync(CancellationToken cancellation)
    {
        var haproxy = options.Balancer switch
        {
            DemoBalancer.Yarp => false,
            DemoBalancer.HAProxy => true,
            _ => IsInstalled("haproxy"),
        };
        var pulumi = options.Provisioner == DemoProvisioner.Pulumi ? await FoundPulumi.ForLabAsync(cancellation) : null;
        await ClearAsync(cancellation);
        if (pulumi is not null)
            Say($"VMs are rebuilt by pulumi {pulumi.Version} at {pulumi.Program}: the stand-in of the tests, whose cloud is the lab.");
        Say($"Starting a lab: {Counted.Of(options.Pairs, "pair", "pairs")} of VMs on {DemoFleet.Old}, each VM a process of its own.");
        var lab = await LabLauncher.StartAsync(
            new LabOptions(options.Directory)
            {
                Pairs = options.Pairs,
                CloneDelay = options.CloneDelay,
                BootDelay = options.BootDelay,
                Lifetime = options.Lifetime,
                Balancer = haproxy ? BalancerChoice.HAProxy : BalancerChoice.None,
            },
            LabExecutable.Current(),
            cancellation);
        try
        {
            return await PlayAsync(lab, pulumi, cancellation);
        }
        finally
        {
            await LabLauncher.StopAsync(options.Directory, CommandContext.Clock, CancellationToken.None);
        }
    }

    private async Task<int> PlayAsync(LabFacts lab, FoundPulumi? pulumi, CancellationToken cancellation)
    {
        var site = lab.Balancers is [var node, ..] ? node.Frontend : new Uri($"http://{lab.Subnet}.0.1:8080/");
        var file = Path.GetFullPath(Path.Combine(options.Directory, "fleet.yaml"));
        await File.WriteAllTextAsync(file, DemoFleet.Text(lab, site, await ProvisionerAsync(lab, pulumi, cancellation), options.Rebuild), cancellation);
        Say(lab.Balancers.Count > 0
            ? $"HAProxy is in front, at {site}."
            : $"YARP is in front, inside this process, at {site} (HAProxy is not installed, or was not asked for).");
        if (options.Fault is { } fault)
            await BreakAsync(fault, cancellation);

        var definition = await CommandContext.FleetAsync(file, cancellation);
        await using var adapters = await context.AdaptersAsync(definition, cancellation);
        await using var load = LoadProcess.Start(LabExecutable.Current(), site, options);
        Say($"A process of its own sends {options.Rate} requests a second through it, short and long ones; measuring them for {options.Before.TotalSeconds:0} s before anything is touched.");
        await Task.Delay(options.WarmUp, CommandContext.Clock, cancellation);
        load.Phase(LoadProcess.Before);
        await Task.Delay(options.Before, CommandContext.Clock, cancellation);

        load.Phase(LoadProcess.During);
        var run = await RefreshAsync(definition, adapters, load, cancellation);
        load.Phase(LoadProcess.After);
        await Task.Delay(options.After, CommandContext.Clock, cancellation);
        var contained = await Containment.LookAsync(run, adapters.Ports, cancellation);
        return await EndAsync(run, await load.EndAsync(cancellation), contained, cancellation);
    }

    private async Task<string> ProvisionerAsync(LabFacts lab, FoundPulumi? pulumi, CancellationToken cancellation)
    {
        if (pulumi is null)
            return DemoFleet.Lab(lab);
        Say($"Making {(options.Pairs == 1 ? "a stack for the pair, and with it its VMs" : $"a stack for each of the {options.Pairs} pairs, and with it the pair's VMs")}.");
        var stacks = new LabStacks(pulumi.Program, Path.GetFullPath(Path.Combine(options.Directory, "pulumi")), await StackCloud.ClearedAsync(lab, cancellation));
        await stacks.CreateAsync(lab, cancellation);
        return stacks.Section();
    }

    private async Task<Run> RefreshAsync(Settings.FleetDefinition definition, FleetAdapters adapters, LoadProcess load, CancellationToken cancellation)
    {
        var planned = await FleetSurvey.PlanAsync(definition, null, adapters.Ports, cancellation);
        RunCommand.Refuse(planned);
        var runs = await context.RunsAsync(cancellation);
        var conduct = new Conduct(context, runs);
        await using var view = conduct.View(() => Footer(load));
        var session = await runs.BeginAsync(planned, adapters.Ports, new Asker(CommandContext.User, "demo"), view, cancellation);
        var work = conduct.WorkAsync(session, view);
        try
        {
            _running = true;
            return await work;
        }
        finally
        {
            _running = false;
        }
    }

    private async Task<int> EndAsync(Run run, Lab.Load.LoadReport load, IReadOnlyList<string> contained, CancellationToken cancellation)
    {
        var history = await RunHistory.ReadAsync(await context.JournalAsync(cancellation), run.Id, cancellation);
        var report = RunReport.From(history.Entries);
        var summary = LoadProcess.Summary(load);
        var page = Path.GetFullPath(Path.Combine(options.Directory, "report.html"));
        await File.WriteAllTextAsync(page, HtmlReport.Render(report, summary), cancellation);
        if (context.Json)
            await context.Output.WriteLineAsync(JsonReport.Render(report, summary));
        else
            foreach (var line in TextReport.Render(report, summary))
                Screen.Of(context).Line(line);
        foreach (var line in contained)
            Say(line);
        Say($"The report, to forward: {page}");
        if (run.Finished && await new Conduct(context, null).EvidenceAsync(run) is { } evidence)
            Say($"{evidence.Text} To check it: refresh evidence verify {evidence.File} --key {evidence.PublicKey}");
        Say($"The journal stays: refresh history {run.Id} --journal {context.JournalPath}. The lab is stopped now, so that this run cannot be gone on with.");
        foreach (var failure in load.Failures)
            Say($"A request failed: {failure}");
        var code = Conduct.ExitCode(run) is var ended and not ExitCodes.Done ? ended : load.Failed > 0 ? ExitCodes.RequestsFailed : ExitCodes.Done;
        if (code != ExitCodes.Done)
            Say($"Exit code {code}: {ExitCodes.NameOf(code)}.");
        return code;
    }

    private async Task BreakAsync(LabFaultKind fault, CancellationToken cancellation)
    {
        using var client = LabClient.Of(options.Directory);
        var member = options.Pairs > 1 ? "web-2-a" : "web-1-a";
        await client.FailAsync(new FaultRequest(member, fault, Clones, null, false), cancellation);
        Say($"The next clones of {member} are told to go wrong: {LabFaults.Word(fault)}.");
    }

    /// <summary>A demo that was killed may have left its lab behind.</summary>
    private async Task ClearAsync(CancellationToken cancellation)
    {
        var mark = Path.Combine(options.Directory, ".refresh-demo");
        if (!Directory.Exists(options.Directory) || !Directory.EnumerateFileSystemEntries(options.Directory).Any())
        {
            await MarkAsync(mark, cancellation);
            return;
        }

        // The directory is removed whole: it must be one that a demo has made.
        if (!File.Exists(mark))
            throw new CommandFailure(ExitCodes.Refused, "directory-not-a-demos", $"{Path.GetFullPath(options.Directory)} holds files that no demo has put there, and was left alone.", "Name another with --dir.");
        try
        {
            await LabLauncher.StopAsync(options.Directory, CommandContext.Clock, cancellation);
        }
        catch (LabException)
        {
            // None was left.
        }

        Directory.Delete(options.Directory, recursive: true);
        await MarkAsync(mark, cancellation);
    }

    private async Task MarkAsync(string mark, CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Directory);
        await File.WriteAllTextAsync(mark, string.Empty, cancellation);
    }

    private static string? Footer(LoadProcess load) => load.Latest is { } now
        ? $"load: {now.Sent} requests sent, {now.Failed} failed; short ones during the run: p50 {Latency(now, phase => phase.P50)}, p99 {Latency(now, phase => phase.P99)}"
        : null;

    private static string Latency(Lab.Load.LoadReport report, Func<Lab.Load.LoadLatency, double> pick) =>
        report.Phases.FirstOrDefault(phase => phase.Name == LoadProcess.During) is { Fast.Count: > 0 } during
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pick(during.Fast):0.0} ms")
            : "not yet";

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, program)));

    private void Say(string text)
    {
        if (!context.Json)
            Screen.Of(context).Line(text);
    }
}
