using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Application;

/// <summary>What can be done with runs; every face of Refresh does it through here.</summary>
/// <param name="journal">The journal.</param>
/// <param name="options">The worker that runs are worked on by.</param>
/// <param name="clock">The only clock.</param>
/// <param name="newId">Makes ids: lower-case letters and digits.</param>
/// <param name="loggers">For what is not a run's own story.</param>
public sealed class RunService(IRunJournal journal, WorkerOptions options, TimeProvider clock, Func<string> newId, ILoggerFactory loggers)
{
    // A worker that lives renews its lease three times in its length, and should its leases be longer than ours, within this many of ours.
    private const int Silence = 4;

    /// <summary>Begins a planned run: takes the lease, journals the plan and the claims. Nothing is touched yet.</summary>
    /// <param name="planned">The plan.</param>
    /// <param name="ports">What the run acts through.</param>
    /// <param name="asker">Who asks for it, and why.</param>
    /// <param name="watcher">Is told how it goes.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="id">The run's id, where it was settled before; otherwise a new one.</param>
    /// <returns>The session that works on it.</returns>
    /// <exception cref="JournalException">The fleet has a run already, a member is claimed by another, or the journal cannot be written.</exception>
    public async Task<RunSession> BeginAsync(PlannedRun planned, RunPorts ports, Asker asker, IRunWatcher watcher, CancellationToken cancellation, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(asker);
        ArgumentNullException.ThrowIfNull(watcher);
        var lease = await journal.AcquireAsync(planned.Fleet.Name, options.Worker, options.LeaseDuration, cancellation);
        try
        {
            var at = clock.GetUtcNow();
            var first = new RunPlanned(id ?? newId(), planned.Fleet, planned.Image, planned.Plan, asker.By, asker.Why, planned.Source, planned.Gates) { From = asker.From, OutsideWindows = planned.OutsideWindows, Outlook = planned.Windows?.Outlook, PerMember = planned.PerMember };
            var run = RunFold.Begin(first, at);
            var entry = new JournalEntry(run.Id, 1, at, lease.Epoch, first);
            await journal.CreateAsync(lease, RunHeads.Of(run, 1), [.. planned.Fleet.Members().Select(member => member.Address.ToString())], [entry], cancellation);
            watcher.Advanced(run, [entry]);
            return Session(ports, run, 1, lease, new BeginRun(), watcher);
        }
        catch
        {
            await journal.ReleaseAsync(lease, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Takes a run up again after its worker was lost or has left; what was under way is looked at first.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="open">Opens what the run acts through, once no other worker has the run: an embedded balancer listens from then on.</param>
    /// <param name="watcher">Is told how it goes.</param>
    /// <param name="holding">Is told while another worker's lease holds, once.</param>
    /// <param name="cancellation">Ends the wait for the lease.</param>
    /// <returns>The session that works on it.</returns>
    /// <exception cref="JournalException">There is no such run, or a live worker has it.</exception>
    public async Task<RunSession> TakeUpAsync(string run, Func<CancellationToken, Task<RunPorts>> open, IRunWatcher watcher, Action<Lease> holding, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(watcher);
        ArgumentNullException.ThrowIfNull(holding);
        ArgumentNullException.ThrowIfNull(open);
        var head = await journal.FindAsync(run, cancellation)
            ?? throw new JournalException(JournalFault.NoSuchRun, $"There is no run {run} in this journal. `refresh history` lists the runs that there are.");
        var lease = await WaitForLeaseAsync(head.Fleet, holding, cancellation);
        try
        {
            // Read only now that nobody else can write.
            var history = await RunHistory.ReadAsync(journal, run, cancellation);
            var ports = await open(cancellation);
            await RefuseOtherNamesAsync(ports.Balancer, history.Run, cancellation);
            watcher.TakenUp(history.Run, history.Entries);
            return Session(ports, history.Run, history.Entries[^1].Sequence, lease, new TakeOver(options.Worker), watcher);
        }
        catch
        {
            await journal.ReleaseAsync(lease, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Leaves a request for a run's worker, in this process or another. A run that has not begun and that nobody works on is cancelled at once.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="kind">What is asked.</param>
    /// <param name="asker">Who asks, and why.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="id">The request's id, where it was settled before; one that is there already asks nothing again.</param>
    /// <returns>The request; its answer will be in the journal.</returns>
    /// <exception cref="JournalException">There is no such run; or it has ended and is to go back, while its fleet has another that has not ended.</exception>
    public async Task<RunRequest> RequestAsync(string run, RequestKind kind, Asker asker, CancellationToken cancellation, string? id = null)
    {
        if (kind == RequestKind.Rollback && await journal.FindAsync(run, cancellation) is { } head)
            await RequireAloneAsync(journal, head, cancellation);
        var request = NewRequest(run, kind, asker, id);
        await journal.SubmitAsync(request, cancellation);
        if (kind == RequestKind.Cancel)
            // There is nothing to bring back in a run that has not begun, so it takes no worker to end it.
            await AnswerAsync(request, of => of.State is RunState.Planned or RunState.AwaitingApproval, cancellation);
        return request;
    }

    /// <summary>Refuses to take back a run that has ended while its fleet has another that has not (promise 6): asked now, it would wait, and be carried out by whoever works on the fleet next.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="head">The run.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.FleetHasRun"/>, naming the other run.</exception>
    public static async Task RequireAloneAsync(IRunJournal journal, RunHead head, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(head);
        if (head.Finished && (await journal.UnsettledAsync(cancellation)).FirstOrDefault(other => !other.Finished && other.Fleet == head.Fleet && other.Run != head.Run) is { } other)
            throw new JournalException(JournalFault.FleetHasRun, $"Run {head.Run} of fleet {head.Fleet} has ended, and cannot be taken back while the fleet has another run that has not: {other.Run}, which is {other.State}. Nothing was asked of either, and nothing was touched. Once that one has ended (`refresh status {other.Run}` shows how it stands): `refresh rollback {head.Run}`.");
    }

    /// <summary>Turns down what was asked of a run just as it ended, so that it does not wait for a worker that nobody will bring.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The answer; null when the run has not ended, when it could be taken up, or when its fleet is worked on.</returns>
    public Task<RequestAnswered?> TurnDownAsync(RunRequest request, CancellationToken cancellation) =>
        AnswerAsync(request, run => run.Finished && RequestRule.Refusal(run, request.Kind, request.By) is not null, cancellation);

    /// <summary>A request with an id of its own.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="kind">What is asked.</param>
    /// <param name="asker">Who asks, and why.</param>
    /// <param name="id">Its id, where it was settled before.</param>
    /// <returns>The request, delivered to nobody yet.</returns>
    public RunRequest NewRequest(string run, RequestKind kind, Asker asker, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(asker);
        return new(id ?? newId(), run, kind, asker.By, asker.Why, clock.GetUtcNow(), asker.From);
    }

    /// <summary>What differs between the fleet of a run and the fleet file now, so that it cannot be gone on with.</summary>
    /// <param name="run">The run.</param>
    /// <param name="definition">The fleet file now.</param>
    /// <returns>Each difference in words; none when all members are there at their addresses.</returns>
    public static IReadOnlyList<string> Differences(Run run, FleetDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(definition);
        var now = definition.Fleet.Members().ToDictionary(member => member.Id, member => member.Address);
        var differences = run.Fleet.Members()
            .Where(member => !now.TryGetValue(member.Id, out var address) || address != member.Address)
            .Select(member => now.TryGetValue(member.Id, out var address) ? $"{member.Id} is at {address} now, and was at {member.Address}" : $"{member.Id} is not in it any more");
        return run.Fleet.Name == definition.Fleet.Name ? [.. differences] : [$"it describes fleet {definition.Fleet.Name}, not {run.Fleet.Name}"];
    }

    /// <summary>A name that was changed since the run began could have another machine drained. What cannot be seen now is no obstacle: the pair rule asks again.</summary>
    private static async Task RefuseOtherNamesAsync(ILoadBalancer balancer, Run run, CancellationToken cancellation)
    {
        var wrong = await balancer.CheckAsync([.. run.Fleet.Members()], cancellation);
        if (wrong.Where(reason => reason.Code == ILoadBalancer.AddressDiffers).ToList() is { Count: > 0 } others)
            throw new AdapterException(new Reason(
                ILoadBalancer.AddressDiffers,
                $"Run {run.Id} cannot be taken up, and nothing was touched: {string.Join("; ", others.Select(reason => reason.Text.TrimEnd('.')))}.",
                string.Join("; ", others.Select(reason => reason.EndsWhen).Distinct())));
    }

    private RunSession Session(RunPorts ports, Run run, long sequence, Lease lease, Stimulus first, IRunWatcher watcher) =>
        new(new RunWorker(ports, options, run, sequence, watcher, loggers.CreateLogger<RunWorker>()), lease, first);

    /// <summary>Answers a request in the place of a worker, where nobody works on the fleet and the run is as it must be for that.</summary>
    private async Task<RequestAnswered?> AnswerAsync(RunRequest request, Func<Run, bool> permits, CancellationToken cancellation)
    {
        if (await journal.FindAsync(request.Run, cancellation) is not { } head
            || await journal.HolderAsync(head.Fleet, cancellation) is not null
            || !permits((await RunHistory.ReadAsync(journal, request.Run, cancellation)).Run))
            return null;
        Lease lease;
        try
        {
            lease = await journal.AcquireAsync(head.Fleet, options.Worker, options.LeaseDuration, cancellation);
        }
        catch (JournalException held) when (held.Fault == JournalFault.LeaseHeld)
        {
            return null;
        }

        try
        {
            var (run, entries) = await RunHistory.ReadAsync(journal, request.Run, cancellation);
            if (!permits(run))
                return null;
            var decision = RunDecisions.Decide(run, new Asked(request), clock.GetUtcNow());
            await Step.WriteAsync(journal, lease, run, entries[^1].Sequence, decision, clock.GetUtcNow());
            return decision.Events.OfType<RequestAnswered>().Single();
        }
        finally
        {
            await journal.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    private async Task<Lease> WaitForLeaseAsync(string fleet, Action<Lease> holding, CancellationToken cancellation)
    {
        Lease? seen = null;
        var since = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await journal.AcquireAsync(fleet, options.Worker, options.LeaseDuration, cancellation);
            }
            catch (JournalException held) when (held.Fault == JournalFault.LeaseHeld)
            {
                var holder = await journal.HolderAsync(fleet, cancellation);
                if (holder is not null && seen is not null && holder != seen)
                    throw;
                if (seen is null && holder is not null)
                    holding(holder);
                seen ??= holder;
                if (seen is not null && clock.GetElapsedTime(since) > Silence * options.LeaseDuration)
                    return await journal.SucceedAsync(seen, options.Worker, options.LeaseDuration, cancellation);
                await Task.Delay(options.RequestInterval, clock, cancellation);
            }
        }
    }
}
