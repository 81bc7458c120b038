using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Bugs;

/// <summary>After a crash a rebuild is given again without a look at what became of the first.</summary>
internal sealed class RebuildRepeatedBlindly : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at)
    {
        var decision = base.Decide(run, stimulus, at);
        return stimulus is not TakeOver ? decision : Refold.Of(run, decision, happened =>
            happened is IntentRecorded { Intent: Recover recover } && run.Get(recover.Member).LastRebuild is { } last
                ? new IntentRecorded(last with { Id = recover.Id, Deadline = recover.Deadline })
                : happened);
    }
}

/// <summary>After a crash what was under way is simply carried out once more.</summary>
internal sealed class IntentsCarriedOutAgain : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at)
    {
        if (stimulus is not TakeOver taken || run.Open.IsEmpty)
            return base.Decide(run, stimulus, at);
        List<RunEvent> events = [new TakenOver(taken.Worker)];
        foreach (var intent in run.Open.Values)
            events.AddRange([new IntentWithdrawn(intent.Id, "its worker was lost"), new IntentRecorded(intent)]);
        return new Decision(events.Aggregate(run, (folded, happened) => folded.Apply(happened, at > run.UpdatedAt ? at : run.UpdatedAt)), events);
    }
}

/// <summary>A rebuild that happened is taken for one that did not.</summary>
internal sealed class RecoveryTakesNewForOld : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at) => base.Decide(
        run,
        stimulus is Arrived { Outcome: Recovered { Recovery: { Fate: RebuildFate.Happened } recovery } } arrived ? arrived with { Outcome = new Recovered(recovery with { Fate = RebuildFate.Untouched }) } : stimulus,
        at);
}

/// <summary>A rebuild that failed is taken for one that did nothing: the member goes back at once.</summary>
internal sealed class FailedMeansUntouched : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at) => base.Decide(
        run,
        stimulus is Arrived { Outcome: Failed failed } arrived && run.Open.GetValueOrDefault(arrived.Intent) is Rebuild rebuild
            ? arrived with { Outcome = new RebuildRefused(new MemberFacts(rebuild.Member, null, null, null, null, []), [failed.Reason]) }
            : stimulus,
        at);
}

/// <summary>A recovery asks once whether the fleet is still ours, before it waits.</summary>
internal sealed class RecoveryProvedOnce : PlantedBug
{
    public override RunPorts Ports(RunPorts ports) => ports with { Provisioner = new ProvedOnce(ports.Provisioner) };
}

/// <summary>A rollback plans a rebuild although nobody knows what became of the one before.</summary>
internal sealed class UnsureRebuildNotFoundOut : ForgetfulFold
{
    protected override MemberProgress Forget(MemberProgress member) => member with { Unsure = false };
}

/// <summary>A rollback that takes up a member that was left out does not call it back when its peer is bad.</summary>
internal sealed class LeftOutNotCalledBack : ForgetfulFold
{
    protected override MemberProgress Forget(MemberProgress member) => member is { GoingBack: true, State: MemberState.Guarding or MemberState.Reverting } ? member with { Before = null } : member;
}

/// <summary>A rejoin whose worker was lost is given again, and nobody proves the member anew.</summary>
internal sealed class RejoinNotProvedAnew : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at)
    {
        var decision = base.Decide(run, stimulus, at);
        if (stimulus is not TakeOver)
            return decision;
        var interrupted = run.Open.Values.OfType<Rejoin>().Where(rejoin => run.Get(rejoin.Member).State == MemberState.Rejoining).ToDictionary(rejoin => rejoin.Member);
        var events = decision.Events
            .Where(happened => happened is not MemberMoved { Trigger: MemberTrigger.Interrupted } moved || !interrupted.ContainsKey(moved.Member))
            .Select(happened => happened is IntentRecorded { Intent: Verify verify } && interrupted.TryGetValue(verify.Member, out var rejoin)
                ? new IntentRecorded(rejoin with { Id = verify.Id, Deadline = at + run.Fleet.Policy.Rejoin.Timeout })
                : happened)
            .ToList();
        return new Decision(events.Aggregate(run, (folded, happened) => folded.Apply(happened, decision.Run.UpdatedAt)), events);
    }
}
