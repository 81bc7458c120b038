using System.Text.RegularExpressions;
using Refresh.Workflows.Machines;

namespace Refresh.Orchestrator.Reports;

/// <summary>States in the words that people use.</summary>
internal static partial class Words
{
    public static string Of(MemberState state) => state switch
    {
        MemberState.Guarding => "guard",
        MemberState.Draining => "drain",
        MemberState.Rebuilding => "rebuild",
        MemberState.Verifying => "verify",
        MemberState.Rejoining => "rejoin",
        MemberState.Returning => "return",
        MemberState.Soaking => "soak",
        _ => Of((Enum)state),
    };

    /// <summary><c>RolledBack</c> becomes <c>rolled back</c>.</summary>
    public static string Of(Enum state) => Inside().Replace(state.ToString(), " $0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Inside();
}
