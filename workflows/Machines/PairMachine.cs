using static Refresh.Workflows.Machines.PairState;
using static Refresh.Workflows.Machines.PairTrigger;

namespace Refresh.Workflows.Machines;

/// <summary>The states of a pair and what moves it between them.</summary>
public static class PairMachine
{
    [ThreadStatic]
    private static Machine<PairState, PairTrigger>? s_machine;

    /// <summary>The state that a trigger leads to.</summary>
    /// <param name="from">The state now.</param>
    /// <param name="trigger">What happened.</param>
    /// <returns>The state afterwards.</returns>
    /// <exception cref="ForbiddenMoveException">The state does not permit it.</exception>
    public static PairState Fire(PairState from, PairTrigger trigger) => (s_machine ??= Create()).Fire(from, trigger);

    /// <summary>The machine as a Mermaid state diagram.</summary>
    public static string ToMermaid() => Create().ToMermaid();

    private static Machine<PairState, PairTrigger> Create() => new("pair", Pending, machine =>
    {
        machine.Configure(Pending).Permit(Begin, Refreshing);
        machine.Configure(Refreshing)
            .Permit(MembersDone, Soaking)
            .Permit(NothingToDo, Skipped)
            .Permit(Freeze, Frozen)
            .Permit(StandDown, Pending)
            .Permit(Halt, Halted);
        machine.Configure(Soaking)
            .Permit(Baked, Refreshed)
            .Permit(Freeze, Frozen);
        machine.Configure(Refreshed).Permit(Revert, RollingBack);
        machine.Configure(Frozen).Permit(Revert, RollingBack);
        machine.Configure(Halted).Permit(Revert, RollingBack);
        machine.Configure(RollingBack)
            .Permit(PairTrigger.Reverted, RolledBack)
            .Permit(Freeze, Frozen)
            .Permit(Halt, Halted);
    });
}
