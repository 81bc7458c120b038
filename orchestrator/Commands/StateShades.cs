using Refresh.Workflows.Machines;

namespace Refresh.Orchestrator.Commands;

/// <summary>How states are to be taken.</summary>
internal static class StateShades
{
    public static Shade Of(string run) => Enum.TryParse<RunState>(run, out var state) ? Of(state) : Shade.None;

    public static Shade Of(RunState state) => state switch
    {
        RunState.Succeeded => Shade.Good,
        RunState.Failed => Shade.Bad,
        RunState.Cancelled or RunState.RolledBack or RunState.Planned => Shade.Soft,
        _ => Shade.Warning,
    };

    public static Shade Of(MemberState state) => state switch
    {
        MemberState.Refreshed or MemberState.Reverted => Shade.Good,
        MemberState.Failed => Shade.Bad,
        MemberState.Current or MemberState.Left or MemberState.Pending or MemberState.Reverting => Shade.Soft,
        _ => Shade.Warning,
    };
}
