using Refresh.Workflows.Fleets;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>What an effect is given beside its intent.</summary>
/// <param name="Run">The run as it was when the intent was recorded.</param>
/// <param name="Decided">When the intent was decided.</param>
/// <param name="Fence">Proves that this worker still owns the fleet; awaited immediately before each act (promise 6).</param>
/// <param name="Progress">Is told in words what is going on.</param>
/// <param name="Withdrawn">Fires when the intent is no longer wanted, but not at its deadline.</param>
internal sealed record EffectContext(Run Run, Moment Decided, Func<CancellationToken, Task> Fence, IProgress<string> Progress, CancellationToken Withdrawn)
{
    public RefreshPolicy Policy => Run.Fleet.Policy;

    public Pair PairOf(MemberId member) => Run.Pairs[member.Pair].Pair;

    public Member Member(MemberId member) => PairOf(member).Get(member);
}
