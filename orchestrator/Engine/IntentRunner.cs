using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Engine.Effects;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine;

/// <summary>Carries intents out side by side, each until its deadline or until it is withdrawn; acts on one member never overlap.</summary>
internal sealed partial class IntentRunner(RunPorts ports, Workings workings, Fence fence, IRunWatcher watcher, ILogger logger)
{
    private readonly EffectDispatch _effects = new(ports);
    private readonly Dictionary<string, (CancellationTokenSource Withdraw, Task Task)> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<MemberId, Task> _acting = [];
    private readonly List<(CancellationTokenSource Withdraw, Task Task)> _windingUp = [];

    /// <summary>Begins an intent.</summary>
    /// <param name="intent">The intent, journaled.</param>
    /// <param name="run">The run after it was recorded.</param>
    /// <param name="decided">When it was decided.</param>
    /// <param name="told">Takes its outcome, or that the journal failed; not called when it is withdrawn.</param>
    public void Start(Intent intent, Run run, Moment decided, Action<Stimulus> told)
    {
        var withdraw = CancellationTokenSource.CreateLinkedTokenSource(fence.Lost);
        var before = intent.Acts ? _acting.GetValueOrDefault(intent.Member, Task.CompletedTask) : Task.CompletedTask;
        var task = RunAsync(intent, run, decided, before, told, withdraw.Token);
        _running[intent.Id] = (withdraw, task);
        if (intent.Acts)
            _acting[intent.Member] = task;
    }

    /// <summary>Ends an intent that is no longer wanted.</summary>
    /// <param name="id">Its id.</param>
    public void Withdraw(string id)
    {
        foreach (var ended in _windingUp.Where(each => each.Task.IsCompleted))
            ended.Withdraw.Dispose();
        _windingUp.RemoveAll(each => each.Task.IsCompleted);
        if (_running.Remove(id, out var running))
        {
            running.Withdraw.Cancel();
            _windingUp.Add(running);
        }
    }

    /// <summary>Forgets an intent whose outcome has come.</summary>
    /// <param name="id">Its id.</param>
    public void Forget(string id)
    {
        if (_running.Remove(id, out var running))
            running.Withdraw.Dispose();
    }

    /// <summary>Ends everything and waits for it to wind up.</summary>
    public async Task StopAsync()
    {
        foreach (var id in _running.Keys.ToList())
            Withdraw(id);
        await Task.WhenAll(_windingUp.Select(each => each.Task));
        foreach (var (withdraw, _) in _windingUp)
            withdraw.Dispose();
        _windingUp.Clear();
    }

    private async Task RunAsync(Intent intent, Run run, Moment decided, Task before, Action<Stimulus> told, CancellationToken withdrawn)
    {
        var left = new Countdown(intent.Deadline, decided, ports.Clock).Left;
        using var late = left < TimeSpan.FromDays(40) ? new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, ports.Clock) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(withdrawn, late.Token);
        var context = new EffectContext(run, decided, fence.ProveAsync, intent is Recover ? new Climbing(watcher, intent, told) : new Telling(watcher, intent.Member), withdrawn);
        try
        {
            await before.WaitAsync(either.Token);
            var outcome = await workings.CarryOutAsync(ports, _effects, intent, context, either.Token);
            told(new Arrived(intent.Id, outcome));
        }
        catch (Exception) when (withdrawn.IsCancellationRequested)
        {
            LogWithdrawn(intent.Id);
        }
        catch (JournalException fault)
        {
            told(new JournalFailed(fault));
        }
        catch (AdapterException failure)
        {
            told(new Arrived(intent.Id, new Failed(failure.Reason, false)));
        }
        catch (OperationCanceledException)
        {
            told(new Arrived(intent.Id, new Failed(TimeIsUp(intent, run), true)));
        }
        catch (Exception defect)
        {
            LogDefect(defect, intent.Id);
            told(new Arrived(intent.Id, new Failed(new Reason("unexpected", $"{intent.GetType().Name} of {intent.Member} failed unexpectedly: {defect.Message}", "the log is looked at; this is a defect"), false)));
        }
    }

    private static Reason TimeIsUp(Intent intent, Run run) => new(
        $"{intent.GetType().Name.ToLowerInvariant()}-timeout",
        $"{intent.GetType().Name} of {intent.Member} did not end by {intent.Deadline:HH:mm:ss} UTC; it was begun in run {run.Id}",
        "what it waited for is looked at; then run again");

    private sealed class Telling(IRunWatcher watcher, MemberId member) : IProgress<string>
    {
        public void Report(string value) => watcher.Progressed(member, value);
    }

    /// <summary>What a recovery tells is journaled, each thing once for as long as it stays the same; a flood of words is not.</summary>
    private sealed class Climbing(IRunWatcher watcher, Intent intent, Action<Stimulus> told) : IProgress<string>
    {
        private const int Most = 500;
        private string _last = string.Empty;
        private int _told;

        public void Report(string value)
        {
            watcher.Progressed(intent.Member, value);
            if (value == _last || ++_told > Most)
                return;
            _last = value;
            told(new Climbed(intent.Id, value));
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Intent {Intent} was withdrawn")]
    private partial void LogWithdrawn(string intent);

    [LoggerMessage(Level = LogLevel.Error, Message = "Intent {Intent} failed unexpectedly")]
    private partial void LogDefect(Exception defect, string intent);
}
