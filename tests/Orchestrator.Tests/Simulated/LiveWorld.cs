using System.Collections.Concurrent;
using Refresh.Simulation.Faults;
using Refresh.Simulation.Proof;
using Refresh.Simulation.Time;
using Refresh.Simulation.World;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Tests.Simulated;

/// <summary>The world of the simulation, calm and with one pair, on a thread of its own: its time goes by so many times as fast as ours. Whoever calls it waits as for any other.</summary>
internal sealed class LiveWorld : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _asked = [];
    private readonly TaskCompletionSource<SimulatedWorld> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private Scheduler _scheduler = null!;
    private Process _process = null!;

    private LiveWorld(int speed)
    {
        _thread = new Thread(() => Live(speed)) { IsBackground = true };
        _thread.Start();
    }

    public SimulatedWorld World { get; private set; } = null!;

    public Network Network { get; private set; } = null!;

    public Member First => World.Scenario.Fleet.Pairs[0].First;

    public Member Second => World.Scenario.Fleet.Pairs[0].Second;

    public static async Task<LiveWorld> StartAsync(int speed)
    {
        var live = new LiveWorld(speed);
        await live._made.Task;
        return live;
    }

    /// <summary>The clock of the simulated machine.</summary>
    public TimeProvider Clock(Process process) => new VirtualClock(_scheduler, process, () => World.Wall);

    /// <summary>Calls a simulated port from outside; a cancellation is heard inside.</summary>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var within = new CancellationTokenSource();
        await using var heard = cancellation.Register(() => _asked.Add(within.Cancel));
        _asked.Add(() => _process.Post(_ => Answer(call, answer, within.Token, cancellation), null), CancellationToken.None);
        return await answer.Task;
    }

    /// <summary>Changes the world.</summary>
    public Task<bool> ChangeAsync(Action<SimulatedWorld> change) => CallAsync(_ =>
    {
        change(World);
        return Task.FromResult(true);
    }, CancellationToken.None);

    /// <summary>A fault strikes a member the next time it can.</summary>
    public Task<bool> LetStrikeAsync(Fault fault, Member member) => ChangeAsync(world => world.Scenario.Due.Add((fault, member.Id)));

    public ValueTask DisposeAsync()
    {
        _asked.CompleteAdding();
        _thread.Join();
        _asked.Dispose();
        return ValueTask.CompletedTask;
    }

    // The process of the simulation is all that waits for it.
    private static async void Answer<T>(Func<CancellationToken, Task<T>> call, TaskCompletionSource<T> answer, CancellationToken within, CancellationToken caller)
    {
        try
        {
            answer.SetResult(await call(within));
        }
        catch (OperationCanceledException) when (within.IsCancellationRequested)
        {
            answer.SetCanceled(caller);
        }
        catch (Exception failure)
        {
            answer.SetException(failure);
        }
    }

    private void Live(int speed)
    {
        Make();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (!_asked.IsCompleted)
        {
            if (_asked.TryTake(out var act, TimeSpan.FromMilliseconds(1)))
                act();
            while (_scheduler.StepUntil(watch.Elapsed * speed))
            {
                // Until nothing is due any more.
            }
        }
    }

    private void Make()
    {
        var scenario = new Scenario(new Setting(0) { CalmPairs = 1 });
        _scheduler = new Scheduler(new Random(0));
        _process = new Process("worker", _scheduler);
        World = new SimulatedWorld(scenario, _scheduler, new Timeline(_scheduler) { Silent = true });
        World.Observer.Asleep = true;
        Network = new Network(World);
        foreach (var member in World.Members)
        {
            member.Vm = new SimulatedVm(0, member.Id.ToString(), Scenario.Old.Ref, Scenario.Start.AddDays(-30), TimeSpan.Zero);
            member.Rotation = Workflows.Facts.Rotation.In;
        }

        _made.SetResult(World);
    }
}
