using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine;

/// <summary>
/// Works on one run: one mailbox, one reader, the only writer of that run. A step takes a stimulus, asks the core, journals
/// what was decided, and only then carries it out.
/// </summary>
public sealed class RunWorker
{
    private readonly RunPorts _ports;
    private readonly WorkerOptions _options;
    private readonly IRunWatcher _watcher;
    private readonly ILogger _logger;
    private readonly Channel<Stimulus> _mailbox = Channel.CreateUnbounded<Stimulus>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, byte> _seen = new(StringComparer.Ordinal);
    private volatile Run _run;
    private long _sequence;
    private volatile bool _leaving;
    private RunRequest? _goingOn;

    /// <summary>Prepares to work on a run.</summary>
    /// <param name="ports">What it acts through.</param>
    /// <param name="options">Lease and polling.</param>
    /// <param name="run">The run as the journal has it.</param>
    /// <param name="sequence">The sequence of its last entry.</param>
    /// <param name="watcher">Is told how it goes.</param>
    /// <param name="logger">For what is not the run's own story.</param>
    public RunWorker(RunPorts ports, WorkerOptions options, Run run, long sequence, IRunWatcher watcher, ILogger<RunWorker> logger)
    {
        _ports = ports;
        _options = options;
        _run = run;
        _sequence = sequence;
        _watcher = new SafeWatcher(watcher, logger);
        _logger = logger;
    }

    /// <summary>The run as it is in the journal at this moment.</summary>
    public Run Run => _run;

    /// <summary>Leave as soon as nothing is under way, whatever the run's state: after a pause, for Ctrl-C.</summary>
    public void LeaveWhenIdle()
    {
        _leaving = true;
        _mailbox.Writer.TryWrite(new Leaving(null));
    }

    /// <summary>Pause, and leave as soon as nothing is under way; a run that rests already, or comes to its end, is not asked to.</summary>
    /// <param name="pause">The request to pause.</param>
    public void LeaveSafely(RunRequest pause)
    {
        _leaving = true;
        _mailbox.Writer.TryWrite(new Leaving(pause));
    }

    /// <summary>Asks the run something, from this process. A request that it has heard already, from here or through the journal, is not heard again.</summary>
    /// <param name="request">What.</param>
    public void Ask(RunRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_seen.TryAdd(request.Id, default))
            _mailbox.Writer.TryWrite(new Asked(request));
    }

    /// <summary>Asks the run to go on when it is taken up, unless something else was asked of it meanwhile: that decides then.</summary>
    /// <param name="resume">The request to resume.</param>
    public void GoOn(RunRequest resume) => _goingOn = resume;

    /// <summary>Works until the run has ended, or until it is told to leave.</summary>
    /// <param name="lease">The lease of the run's fleet; it is kept, and given back at the end.</param>
    /// <param name="first">The first thing to decide about: to begin, or to take over.</param>
    /// <param name="now">Leave now: what is under way is ended where it stands, and the run can be resumed.</param>
    /// <returns>The run as it is in the journal.</returns>
    /// <exception cref="JournalException">The journal cannot be written, or another worker owns the fleet now. What is under way has been ended.</exception>
    public async Task<Run> WorkAsync(Lease lease, Stimulus first, CancellationToken now)
    {
        await using var fence = new Fence(_ports.Journal, lease, _options.LeaseDuration, _ports.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(now, fence.Lost);
        var runner = new IntentRunner(_ports, _options.Workings, fence, _watcher, _logger);
        var inbox = Task.CompletedTask;
        var calendar = Task.CompletedTask;
        var revocation = Task.CompletedTask;
        try
        {
            await BeginAsync(first, fence, runner, stop.Token);
            inbox = PollRequestsAsync(stop.Token);
            calendar = ReadCalendarAsync(stop.Token);
            revocation = WatchImageAsync(stop.Token);
            // What has come is heard first: a run that has ended may be asked to roll back.
            while (!Done() || _mailbox.Reader.TryPeek(out _))
                await StepAsync(await _mailbox.Reader.ReadAsync(stop.Token), fence, runner);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (fence.Fault is { } fault)
                throw Left(fault);
        }
        catch (JournalException fault)
        {
            throw Left(fault);
        }
        finally
        {
            stop.Cancel();
            await runner.StopAsync();
            await inbox;
            await calendar;
            await revocation;
        }

        return _run;
    }

    /// <summary>What was asked of a run that has not begun is heard before it begins: it may have been cancelled. One that has ended is left again at once, unless something was asked of it.</summary>
    private async Task BeginAsync(Stimulus first, Fence fence, IntentRunner runner, CancellationToken stop)
    {
        var planned = _run.State == RunState.Planned;
        if (!planned)
            await StepAsync(first, fence, runner);
        // What comes from here on is heard after it: whoever pauses now pauses a run that goes on.
        var meanwhile = await RequestsAsync(stop);
        if (_goingOn is { } resume && meanwhile.All(asked => asked.Kind == RequestKind.Approve))
            await StepAsync(new Asked(resume), fence, runner);
        foreach (var request in meanwhile)
        {
            if (_seen.TryAdd(request.Id, default))
                await StepAsync(new Asked(request), fence, runner);
        }

        if (planned && !_run.Finished)
            await StepAsync(first, fence, runner);
    }

    /// <summary>A bake is only watched: who leaves does not wait for its end, and whoever resumes begins it anew.</summary>
    private bool Done() => _run.Open.IsEmpty
        ? _run.Finished || _leaving
        : _leaving && _run.State == RunState.Paused && _run.Open.Values.All(intent => intent is Bake);

    private JournalException Left(JournalException fault) => new(
        fault.Fault,
        fault.Fault switch
        {
            JournalFault.LeaseLost => $"Run {_run.Id} of fleet {_run.Fleet.Name} is worked on by somebody else now. This worker has stopped; `refresh status {_run.Id}` shows who has it.",
            JournalFault.FleetHasRun or JournalFault.Claimed => $"Run {_run.Id} of fleet {_run.Fleet.Name} is {_run.State}, and was left so. {fault.Message}",
            _ => $"Run {_run.Id} of fleet {_run.Fleet.Name} is left where it stands, because its journal failed. {fault.Message} Nothing more is done until `refresh resume {_run.Id}`, which looks first at what was under way.",
        },
        fault);

    private async Task StepAsync(Stimulus stimulus, Fence fence, IntentRunner runner)
    {
        if (stimulus is Leaving leaving)
        {
            if (leaving.Pause is null || _run.State == RunState.Paused || !RunMachine.CanFire(_run.State, RunTrigger.Pause, _run.GoingBack))
                return;
            stimulus = new Asked(leaving.Pause);
        }

        if (stimulus is JournalFailed failed)
            throw failed.Fault;
        if (stimulus is Arrived arrived)
            runner.Forget(arrived.Intent);

        var now = Moment.Now(_ports.Clock);
        var decision = _options.Workings.Decide(_run, stimulus, now.At);
        if (decision.Events.Count == 0)
            return;

        var entries = await Step.WriteAsync(_ports.Journal, fence.Lease, _run, _sequence, decision, now.At);
        _run = decision.Run;
        _sequence += entries.Count;
        _watcher.Advanced(_run, entries);

        foreach (var withdrawn in decision.Withdrawn())
            runner.Withdraw(withdrawn);
        foreach (var intent in decision.Intents())
            runner.Start(intent, _run, now, news => _mailbox.Writer.TryWrite(news));
    }

    private Task ReadCalendarAsync(CancellationToken stop) => _ports.Calendar is { } calendar && _run.Fleet.Policy.Windows is not null
        ? new CalendarReader(calendar, _ports.Clock, _logger).ReadAsync(outlook => _mailbox.Writer.TryWrite(new CalendarRead(outlook)), stop)
        : Task.CompletedTask;

    private async Task PollRequestsAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                foreach (var request in await RequestsAsync(stop))
                    Ask(request);

                await Task.Delay(_options.RequestInterval, _ports.Clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The worker leaves.
        }
    }

    private async Task WatchImageAsync(CancellationToken stop)
    {
        if (_run.Revoked is null && await new RevocationWatch(_ports, _options).UntilRevokedAsync(_run.Image.Ref, stop) is { } revoked)
            _mailbox.Writer.TryWrite(new RevocationSeen(revoked));
    }

    private async Task<IReadOnlyList<RunRequest>> RequestsAsync(CancellationToken stop)
    {
        try
        {
            return await _ports.Journal.RequestsAsync(_run.Id, stop);
        }
        catch (JournalException)
        {
            // The worker meets the fault where it matters: at its next append.
            return [];
        }
    }

    /// <summary>The worker is to leave, and perhaps to pause its run first. It wakes the reader of the mailbox.</summary>
    private sealed record Leaving(RunRequest? Pause) : Stimulus;
}
