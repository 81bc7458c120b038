namespace Refresh.Orchestrator.Commands;

/// <summary>A command ends early, with something to say and an exit code.</summary>
internal sealed class CommandFailure(CommandError error) : Exception(error.Message)
{
    /// <summary>Ends a command with a message and what to do next.</summary>
    /// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
    /// <param name="code">A stable name for programs, in kebab case.</param>
    /// <param name="message">What happened.</param>
    /// <param name="next">What to do next.</param>
    public CommandFailure(int exitCode, string code, string message, string? next = null)
        : this(CommandError.Of(exitCode, code, message, next))
    {
    }

    public CommandError Error { get; } = error;
}
