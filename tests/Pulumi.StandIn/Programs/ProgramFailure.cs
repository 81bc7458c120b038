namespace Refresh.PulumiStandIn.Programs;

/// <summary>A program that cannot be run: what it says, line by line of the diagnostics.</summary>
internal sealed class ProgramFailure(params string[] messages) : Exception(string.Join('\n', messages))
{
    public IReadOnlyList<string> Messages => messages;
}
