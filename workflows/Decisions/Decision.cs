using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Decisions;

/// <summary>What was decided: the events to journal and the run as it is after them. Nothing is done before they are on disk.</summary>
/// <param name="Run">The run afterwards.</param>
/// <param name="Events">The events, in order; none when there is nothing to decide.</param>
public sealed record Decision(Run Run, IReadOnlyList<RunEvent> Events)
{
    /// <summary>The intents to carry out once the events are on disk.</summary>
    public IEnumerable<Intent> Intents() => Events.OfType<IntentRecorded>().Select(recorded => recorded.Intent).Where(intent => Run.Open.ContainsKey(intent.Id));

    /// <summary>Ids of the intents to end.</summary>
    public IEnumerable<string> Withdrawn() => Events.OfType<IntentWithdrawn>().Select(withdrawn => withdrawn.Intent);
}
