using static Refresh.Workflows.Machines.RunState;
using static Refresh.Workflows.Machines.RunTrigger;

namespace Refresh.Workflows.Machines;

/// <summary>The states of a run and what moves it between them.</summary>
public static class RunMachine
{
    [ThreadStatic]
    private static Machine<RunState, RunTrigger>? s_machine;

    [ThreadStatic]
    private static bool s_goingBack;

    private static Machine<RunState, RunTrigger> Instance => s_machine ??= Create();

    /// <summary>The state that a trigger leads to.</summary>
    /// <param name="from">The state now.</param>
    /// <param name="trigger">What happened.</param>
    /// <param name="goingBack">Whether the run was asked to roll back.</param>
    /// <returns>The state afterwards.</returns>
    /// <exception cref="ForbiddenMoveException">The state does not permit it.</exception>
    public static RunState Fire(RunState from, RunTrigger trigger, bool goingBack)
    {
        s_goingBack = goingBack;
        return Instance.Fire(from, trigger);
    }

    /// <summary>Whether a trigger is permitted.</summary>
    /// <param name="from">The state now.</param>
    /// <param name="trigger">What would happen.</param>
    /// <param name="goingBack">Whether the run was asked to roll back.</param>
    /// <returns>True when <see cref="Fire"/> would move it.</returns>
    public static bool CanFire(RunState from, RunTrigger trigger, bool goingBack)
    {
        s_goingBack = goingBack;
        return Instance.CanFire(from, trigger);
    }

    /// <summary>Whether a run in this state has ended. A rollback may still take it up again.</summary>
    /// <param name="state">The state.</param>
    /// <returns>True for Succeeded, Failed, Cancelled and RolledBack.</returns>
    public static bool IsFinal(RunState state) => state is Succeeded or Failed or Cancelled or RolledBack;

    /// <summary>The machine as a Mermaid state diagram.</summary>
    public static string ToMermaid() => Create().ToMermaid();

    private static Machine<RunState, RunTrigger> Create() => new("run", Planned, machine =>
    {
        machine.Configure(Planned)
            .Permit(Start, Running)
            .Permit(AskApproval, AwaitingApproval)
            .Permit(Cancel, Cancelled);
        machine.Configure(AwaitingApproval)
            .Permit(Approve, Running)
            .Permit(Cancel, Cancelled);
        machine.Configure(Waiting)
            .Permit(WindowOpened, Running)
            .Permit(Pause, Paused)
            .Permit(Cancel, Cancelling)
            .Permit(Rollback, RollingBack);
        machine.Configure(Running)
            .Permit(WindowClosed, Waiting)
            .Permit(Pause, Paused)
            .Permit(Cancel, Cancelling)
            .Permit(Rollback, RollingBack)
            .Permit(Complete, Succeeded)
            .Permit(GiveUp, Failed);
        machine.Configure(Paused)
            .PermitReentry(Pause)
            .PermitIf(Resume, Running, () => !s_goingBack, "on its way forward")
            .PermitIf(Resume, RollingBack, () => s_goingBack, "on its way back")
            .Permit(Cancel, Cancelling)
            .Permit(Rollback, RollingBack);
        machine.Configure(Cancelling).Permit(Quiet, Cancelled);
        machine.Configure(RollingBack)
            .Permit(Pause, Paused)
            .Permit(Cancel, Cancelling)
            .Permit(Complete, RolledBack)
            .Permit(GiveUp, Failed);
        machine.Configure(Succeeded).Permit(Rollback, RollingBack);
        machine.Configure(Failed).Permit(Rollback, RollingBack);
        machine.Configure(Cancelled).Permit(Rollback, RollingBack);
    });
}
