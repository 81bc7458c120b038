using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh pause</c>, <c>cancel</c> and <c>approve</c>: ask a run something through the journal, and wait for its answer.</summary>
internal static class RequestCommand
{
    public static Command CreatePause() => Create("pause", RequestKind.Pause, "Begin no further member; what is under way is ended first.");

    public static Command CreateCancel() => Create("cancel", RequestKind.Cancel, "End a run; every member that is away comes back first.");

    public static Command CreateApprove() => Create("approve", RequestKind.Approve, "Let a run begin that waits for a person's approval.");

    private static Command Create(string name, RequestKind kind, string description)
    {
        var run = new Argument<string?>("run") { Description = "The run's id, or its fleet's name; otherwise the only unfinished run.", Arity = ArgumentArity.ZeroOrOne };
        var why = new Option<string>("--why") { Description = "Why, for the journal and the report.", DefaultValueFactory = _ => string.Empty };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait for the answer of the run's worker." };
        var command = new Command(name, description) { run, why, noWait };
        command.Do(async (context, parsed, cancellation) =>
        {
            var journal = await context.ReadingAsync(cancellation);
            var head = await RunChoice.UnfinishedAsync(journal, parsed.GetValue(run), cancellation);
            if (context.Server is { } server)
                return await new RemoteCommands(context, server).AskAsync(head.Run, kind, parsed.GetRequiredValue(why), cancellation);
            RequirePossible((await RunHistory.ReadAsync(journal, head.Run, cancellation)).Run, kind);
            var request = await (await context.RunsAsync(cancellation)).RequestAsync(head.Run, kind, new Asker(CommandContext.User, parsed.GetRequiredValue(why)), cancellation);
            var answer = parsed.GetValue(noWait) ? null : await Answers.WaitAsync(journal, CommandContext.Clock, request, head.Sequence, async () => await journal.HolderAsync(head.Fleet, cancellation) is not null, cancellation);
            return await EndAsync(context, new Asking(request, head, await journal.HolderAsync(head.Fleet, cancellation), answer, (await RunHistory.ReadAsync(journal, head.Run, cancellation)).Run));
        });
        return command;
    }

    // Nothing is left in the journal that a worker could only turn down. A run that has not begun yet will be in another state in a moment.
    private static void RequirePossible(Run run, RequestKind kind)
    {
        if (run.State != RunState.Planned && RequestRule.Refusal(run, kind, CommandContext.User) is { } refusal)
            throw new CommandFailure(CommandError.Of(refusal));
    }

    private static async Task<int> EndAsync(CommandContext context, Asking asking)
    {
        var (outcome, exitCode, lines) = asking.Conclude();
        if (context.Json)
        {
            await context.Output.WriteJsonAsync(new
            {
                asking.Request.Run,
                asking.Head.Fleet,
                Request = asking.Request.Id,
                asking.Request.Kind,
                Outcome = outcome,
                Refusal = asking.Answer?.Refusal,
                asking.Run.State,
                Worker = asking.Holder?.Worker,
            });
            return exitCode;
        }

        var screen = Screen.Of(context);
        foreach (var line in lines)
            screen.Line(line);
        return exitCode;
    }

    private sealed record Asking(RunRequest Request, RunHead Head, Lease? Holder, RequestAnswered? Answer, Run Run)
    {
        private string Kind => Request.Kind.Command();

        public (string Outcome, int ExitCode, IReadOnlyList<string> Lines) Conclude() => (Answer, Holder) switch
        {
            ({ Refusal: { } refusal }, _) => ("refused", ExitCodes.Refused, [$"Refused: {refusal.Text}.", $"To go on: {refusal.EndsWhen}."]),
            ({ }, _) => ("taken-up", ExitCodes.Done, [$"Taken up: run {Run.Id} of fleet {Head.Fleet} is {Run.State}.", .. Workflows.Reasons.Waiting.Of(Run).Select(wait => $"It waits: {wait.Text}. Ends when: {wait.EndsWhen}.")]),
            (null, null) => ("no-worker", ExitCodes.Unfinished, [$"Nobody works on run {Run.Id} of fleet {Head.Fleet} at this moment. The request to {Kind} is in the journal, and nothing else was done.", $"It is answered by the worker that takes the run up: refresh resume {Run.Id}"]),
            (null, { } holder) => ("waiting", ExitCodes.Unfinished, [$"The request to {Kind} run {Run.Id} is in the journal; {holder.Worker} has not answered it yet.", $"To see its answer: refresh status {Run.Id}"]),
        };
    }
}
