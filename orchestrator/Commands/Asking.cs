using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands;

/// <summary>Asks a run something through the journal, waits for its answer, and says what came of it.</summary>
/// <param name="context">The command.</param>
/// <param name="runs">The runs.</param>
/// <param name="journal">The journal.</param>
internal sealed class Asking(CommandContext context, RunService runs, IRunJournal journal)
{
    /// <summary>Ends the command when the run could only turn it down: nothing is left in the journal for that.</summary>
    public static void RequirePossible(Run run, RequestKind kind)
    {
        if (RequestRule.Refusal(run, kind, CommandContext.User) is { } refusal)
            throw new CommandFailure(CommandError.Of(refusal));
    }

    /// <summary>Asks.</summary>
    /// <param name="head">The run.</param>
    /// <param name="kind">What is asked.</param>
    /// <param name="why">Why, for the journal.</param>
    /// <param name="wait">Whether to wait for the answer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> AskAsync(RunHead head, RequestKind kind, string why, bool wait, CancellationToken cancellation)
    {
        var worked = await journal.HolderAsync(head.Fleet, cancellation) is not null;
        var request = await runs.RequestAsync(head.Run, kind, new Asker(CommandContext.User, why), cancellation);
        var answer = wait ? await Answers.WaitAsync(journal, CommandContext.Clock, request, head.Sequence, async () => await journal.HolderAsync(head.Fleet, cancellation) is not null, cancellation) : null;
        var holder = await journal.HolderAsync(head.Fleet, cancellation);
        answer ??= await runs.TurnDownAsync(request, cancellation);
        var asked = new Asked(request, answer, (await RunHistory.ReadAsync(journal, head.Run, cancellation)).Run);
        // A worker that ends a run writes its evidence itself.
        var evidence = asked.Run.Finished && !head.Finished && !worked ? await new Conduct(context, null).EvidenceAsync(asked.Run) : null;
        return await EndAsync(head, holder, asked, evidence);
    }

    private async Task<int> EndAsync(RunHead head, Lease? holder, Asked asked, WrittenEvidence? evidence)
    {
        var (outcome, exitCode, lines) = Conclude(head, holder, asked);
        if (context.Json)
        {
            await context.Output.WriteJsonAsync(new
            {
                head.Run,
                head.Fleet,
                Request = asked.Request.Id,
                asked.Request.Kind,
                Outcome = outcome,
                asked.Refusal,
                asked.Run.State,
                Worker = holder?.Worker,
                Evidence = evidence?.File,
            });
            return exitCode;
        }

        var screen = Screen.Of(context);
        foreach (var line in lines)
            screen.Line(line);
        if (evidence is not null)
            screen.Line(evidence.Text);
        return exitCode;
    }

    private static (string Outcome, int ExitCode, IReadOnlyList<string> Lines) Conclude(RunHead head, Lease? holder, Asked asked) => (asked.Answer, holder) switch
    {
        _ when asked.Refusal is { } refusal => ("refused", ExitCodes.Refused, [$"Refused: {refusal.Text}.", $"To go on: {refusal.EndsWhen}."]),
        ({ }, _) => ("taken-up", ExitCodes.Done, [$"Taken up: run {head.Run} of fleet {head.Fleet} is {asked.Run.State}.", .. Waiting.Of(asked.Run).Select(wait => $"It waits: {wait.Text}. Ends when: {wait.EndsWhen}.")]),
        (null, null) => ("no-worker", ExitCodes.Unfinished, [$"Nobody works on run {head.Run} of fleet {head.Fleet} at this moment. The request to {asked.Kind} is in the journal, and nothing else was done.", $"It is answered by the worker that takes the run up: refresh resume {head.Run}"]),
        (null, { } other) => ("waiting", ExitCodes.Unfinished, [$"The request to {asked.Kind} run {head.Run} is in the journal; {other.Worker} has not answered it yet.", $"To see its answer: refresh status {head.Run}"]),
    };

    private sealed record Asked(RunRequest Request, RequestAnswered? Answer, Run Run)
    {
        public string Kind => Request.Kind.Command();

        // Of a run that has ended nobody but a worker of another run may be there, and that one does not answer.
        public Reason? Refusal => Answer is null && Run.Finished ? RequestRule.Refusal(Run, Request.Kind, Request.By) : Answer?.Refusal;
    }
}
