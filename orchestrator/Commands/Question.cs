using System.CommandLine;
using Spectre.Console;

namespace Refresh.Orchestrator.Commands;

/// <summary>What a person is asked before a command changes much.</summary>
/// <param name="Would">What it would do, as the beginning of a sentence.</param>
/// <param name="Hint">How to see that without doing it, as a part of a sentence; empty where it was shown.</param>
/// <param name="Text">The question.</param>
/// <param name="Declined">What the answer no leads to.</param>
internal sealed record Question(string Would, string Hint, string Text, string Declined)
{
    /// <summary>The option that answers it beforehand.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask before it begins." };

    /// <summary>Asks; ends the command unless the answer is yes, or where nobody can be asked.</summary>
    public async Task AskAsync(CancellationToken cancellation)
    {
        if (!Terminal.CanAsk)
            throw new CommandFailure(ExitCodes.Usage, "not-confirmed", $"{Would}, and there is no terminal to ask at.", $"Add --yes if that is wanted{Hint}.");
        if (!await AnsiConsole.ConfirmAsync(Text, false, cancellation))
            throw new CommandFailure(ExitCodes.Refused, "not-confirmed", Declined);
    }
}
