using System.Diagnostics;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Backends;
using Refresh.PulumiStandIn.Clouds;
using Refresh.PulumiStandIn.Deployments;
using Refresh.PulumiStandIn.Faults;
using Refresh.PulumiStandIn.Plugins;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Cli.Commands;

/// <summary>All that a preview, an update, a refresh or an import works with, from its lock to its last word.</summary>
internal sealed class Session : IDisposable
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Interrupts _interrupts;
    private readonly StackLock? _lock;
    private readonly IReadOnlyList<Plugin> _plugins;
    private readonly Display? _display;

    public Session(Workspace workspace, Arguments arguments, string doing, bool locks)
    {
        Workspace = workspace;
        Stack = workspace.Stack;
        Faults = workspace.Faults;
        var config = workspace.Config;
        if (config.Salt is not null)
            _ = config.Open();
        Config = config.Values();
        ShownConfig = config.Shown();
        _lock = locks ? StackLock.Take(workspace.Backend, Stack) : null;
        Snapshot = workspace.State.Read(check: true);
        var hang = locks ? Faults.Delay(StandInFaults.Hang) : null;
        _interrupts = new(deaf: hang is not null);
        _plugins = Plugin.StartAll();
        var server = Config.Text("vsphere:vsphereServer") ?? Environment.GetEnvironmentVariable("VSPHERE_SERVER") ?? "127.0.0.1:1";
        Cloud = new(server, Faults);
        Events = Events.To(arguments.Value("event-log"), arguments.Has("json") && locks);
        _display = arguments.Has("json") ? null : new(Console.Out, $"{workspace.Project.Name}-{Stack}");
        _display?.Title(doing, Stack);
        if (hang is { } time)
            Thread.Sleep(time);
        Warn();
    }

    public Workspace Workspace { get; }

    public string Stack { get; }

    public StandInFaults Faults { get; }

    public Snapshot Snapshot { get; }

    public VCenter Cloud { get; }

    public Events Events { get; }

    /// <summary>Values in clear, for the program.</summary>
    public JsonObject Config { get; }

    /// <summary>Values as they are shown.</summary>
    public JsonObject ShownConfig { get; }

    public Changes Changes { get; } = new();

    public List<Diagnostic> Diagnostics { get; } = [];

    public CancellationToken Interrupted => _interrupts.Token;

    public void Save() => Workspace.State.Write(Snapshot);

    public YamlProgram Program() => Workspace.Project.Runtime == "yaml"
        ? new(Workspace.Project, Stack, Config, new Functions(Cloud, CancellationToken.None).Invoke)
        : throw new PulumiFailure($"the stand-in runs programs of the runtime yaml, not of {Workspace.Project.Runtime}");

    public void Watch(Step step, StepPhase phase)
    {
        if (phase == StepPhase.Begun)
        {
            Changes.Add(step);
            Events.Before(step);
        }
        else if (phase == StepPhase.Done)
        {
            Events.After(step);
        }
        else
        {
            Events.Failed(step);
        }

        _display?.Show(step, phase);
    }

    public void Say(Diagnostic diagnostic)
    {
        Diagnostics.Add(diagnostic);
        Events.Diagnostic(diagnostic);
    }

    /// <summary>Says the last word.</summary>
    /// <returns>The exit code.</returns>
    public int End(bool isPreview, bool failed, JsonObject? outputs)
    {
        Events.Summary(_watch.Elapsed, Changes.Document(), isPreview, !failed);
        _display?.End(Diagnostics, outputs, Changes, _watch.Elapsed);
        return failed ? 1 : 0;
    }

    /// <summary>The time that went by, in nanoseconds.</summary>
    public long Nanoseconds() => _watch.ElapsedTicks * (1_000_000_000 / Stopwatch.Frequency);

    public void Dispose()
    {
        foreach (var plugin in _plugins)
            plugin.Dispose();
        Cloud.Dispose();
        Events.Dispose();
        _interrupts.Dispose();
        _lock?.Dispose();
    }

    private void Warn()
    {
        var provider = Path.Combine(AppContext.BaseDirectory, "pulumi-resource-vsphere");
        for (var i = 0; i < 4; i++)
            Say(new("warning", $"using pulumi-resource-vsphere from $PATH at {provider}"));
    }

    /// <summary>What an update says first about operations that a kill cut off.</summary>
    public void WarnOfPending()
    {
        if (Snapshot.Pending is not { Count: > 0 } pending)
            return;
        var names = string.Concat(pending.Select(one => $"\n  * {one["resource"]!["urn"]}, interrupted while {one.Text("type")}"));
        Say(new("warning", $"Attempting to deploy or update resources with {pending.Count} pending operations from previous deployment.{names}\n"
            + "These resources are in an unknown state because the Pulumi CLI was interrupted while waiting for changes to these resources to complete.\n"
            + "Once you have confirmed the status of the interrupted operations, you can repair your stack using `pulumi refresh`.\n"
            + "Note that `pulumi refresh` will need to be run interactively to clear pending CREATE operations."));
    }
}
