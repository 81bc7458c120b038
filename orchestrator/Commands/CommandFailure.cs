namespace Refresh.Orchestrator.Commands;

/// <summary>A command ends early, with something to say and an exit code.</summary>
internal sealed class CommandFailure(int exitCode, IReadOnlyList<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Lines { get; } = lines;
}
