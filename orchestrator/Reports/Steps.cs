using Refresh.Workflows.Machines;

namespace Refresh.Orchestrator.Reports;

/// <summary>States in the words that people use.</summary>
internal static class Steps
{
    public static string Word(MemberState state) => state switch
    {
        MemberState.Guarding => "guard",
        MemberState.Draining => "drain",
        MemberState.Rebuilding => "rebuild",
        MemberState.Verifying => "verify",
        MemberState.Rejoining => "rejoin",
        MemberState.Returning => "return",
        MemberState.Soaking => "soak",
        _ => state.ToString().ToLowerInvariant(),
    };
}
