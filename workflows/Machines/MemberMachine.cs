using static Refresh.Workflows.Machines.MemberState;
using static Refresh.Workflows.Machines.MemberTrigger;

namespace Refresh.Workflows.Machines;

/// <summary>The states of a member and what moves it between them.</summary>
public static class MemberMachine
{
    [ThreadStatic]
    private static Machine<MemberState, MemberTrigger>? s_machine;

    [ThreadStatic]
    private static bool s_goingBack;

    private static Machine<MemberState, MemberTrigger> Instance => s_machine ??= Create();

    /// <summary>The state that a trigger leads to.</summary>
    /// <param name="from">The state now.</param>
    /// <param name="trigger">What happened.</param>
    /// <param name="goingBack">Whether the member is on its way to its recorded image.</param>
    /// <returns>The state afterwards.</returns>
    /// <exception cref="ForbiddenMoveException">The state does not permit it.</exception>
    public static MemberState Fire(MemberState from, MemberTrigger trigger, bool goingBack)
    {
        s_goingBack = goingBack;
        return Instance.Fire(from, trigger);
    }

    /// <summary>The machine as a Mermaid state diagram.</summary>
    public static string ToMermaid() => Create().ToMermaid();

    private static Machine<MemberState, MemberTrigger> Create() => new("member", Pending, machine =>
    {
        static bool Back() => s_goingBack;
        static bool Forward() => !s_goingBack;
        const string IsBack = "on its way back";
        const string IsForward = "on its way forward";

        machine.Configure(Pending).Permit(Begin, Guarding);
        machine.Configure(Guarding)
            .Permit(Allow, Draining)
            .Permit(Return, Returning)
            .PermitIf(FoundCurrent, Current, Forward, IsForward)
            .PermitIf(FoundCurrent, Reverted, Back, IsBack)
            .PermitIf(FoundOff, Left, Forward, IsForward)
            .PermitIf(StandDown, Pending, Forward, IsForward)
            .PermitIf(StandDown, Reverting, Back, IsBack)
            .Permit(Fail, Failed);
        machine.Configure(Draining)
            .Permit(Emptied, Rebuilding)
            .Permit(Refuse, Guarding)
            .Permit(Return, Returning)
            .Permit(Fail, Failed);
        machine.Configure(Rebuilding)
            .Permit(Rebuilt, Verifying)
            .Permit(Return, Returning)
            .Permit(Fail, Failed);
        machine.Configure(Verifying)
            .Permit(Verified, Rejoining)
            .Permit(VerifiedOff, PoweringOff)
            .Permit(Fail, Failed);
        machine.Configure(PoweringOff)
            .Permit(PoweredOff, Refreshed)
            .Permit(Fail, Failed);
        machine.Configure(Rejoining)
            .Permit(Rejoined, Soaking)
            .Permit(Interrupted, Verifying)
            .Permit(Fail, Failed);
        machine.Configure(Returning)
            .PermitIf(Returned, Pending, Forward, IsForward)
            .PermitIf(Returned, Reverting, Back, IsBack)
            .Permit(Fail, Failed);
        machine.Configure(Soaking)
            .PermitIf(Soaked, Refreshed, Forward, IsForward)
            .PermitIf(Soaked, Reverted, Back, IsBack)
            .Permit(Fail, Failed);
        machine.Configure(Refreshed).Permit(Revert, Reverting);
        machine.Configure(Failed).Permit(Revert, Reverting);
        machine.Configure(Reverting)
            .Permit(Begin, Guarding)
            .Permit(Fail, Failed);
    });
}
