using System.Globalization;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>A decision in the making: events are folded in as they are recorded, so that each part of it sees what the part before did.</summary>
internal sealed class Draft(Run run, DateTimeOffset at)
{
    private readonly List<RunEvent> _events = [];

    public Run Run { get; private set; } = run;

    /// <summary>The clock: what deadlines and the age of facts are reckoned from.</summary>
    public DateTimeOffset At { get; } = at;

    /// <summary>What the journal is stamped with: the clock, unless it was set back.</summary>
    private DateTimeOffset Stamp { get; } = at > run.UpdatedAt ? at : run.UpdatedAt;

    public RefreshPolicy Policy => Run.Fleet.Policy;

    public IReadOnlyList<RunEvent> Events => _events;

    public void Record(RunEvent happened)
    {
        Run = Run.Apply(happened, Stamp);
        _events.Add(happened);
    }

    public void Move(MemberId member, MemberTrigger trigger, Reason? why = null)
    {
        var now = Run.Get(member);
        Record(new MemberMoved(member, now.State, MemberMachine.Fire(now.State, trigger, now.GoingBack), trigger, why));
    }

    public void Move(string pair, PairTrigger trigger, Reason? why = null)
    {
        var from = Run.Pairs[pair].State;
        Record(new PairMoved(pair, from, PairMachine.Fire(from, trigger), trigger, why));
    }

    public void Move(RunTrigger trigger, Reason? why = null) =>
        Record(new RunMoved(Run.State, RunMachine.Fire(Run.State, trigger, Run.GoingBack), trigger, why));

    public string NextId(MemberId member) =>
        string.Create(CultureInfo.InvariantCulture, $"{member}#{Run.Get(member).Intents + 1}");

    public void Issue(Intent intent) => Record(new IntentRecorded(intent));

    public void Withdraw(string pair, string why, Func<Intent, bool>? which = null)
    {
        foreach (var intent in Run.Pairs[pair].Open.Where(intent => which?.Invoke(intent) ?? true))
            Record(new IntentWithdrawn(intent.Id, why));
    }
}
