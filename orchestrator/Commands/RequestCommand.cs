using System.CommandLine;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Machines;
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
        var named = new Argument<string?>("run") { Description = "The run's id, or its fleet's name; otherwise the only unfinished run.", Arity = ArgumentArity.ZeroOrOne };
        var why = new Option<string>("--why") { Description = "Why, for the journal and the report.", DefaultValueFactory = _ => string.Empty };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait for the answer of the run's worker." };
        var command = new Command(name, description) { named, why, noWait };
        command.Do(async (context, parsed, cancellation) =>
        {
            var journal = await context.ReadingAsync(cancellation);
            var head = await RunChoice.UnfinishedAsync(journal, parsed.GetValue(named), cancellation);
            if (context.Server is { } server)
                return await new RemoteCommands(context, server).AskAsync(head.Run, kind, parsed.GetRequiredValue(why), cancellation);
            // A run that has not begun yet will be in another state in a moment.
            if ((await RunHistory.ReadAsync(journal, head.Run, cancellation)).Run is { State: not RunState.Planned } run)
                Asking.RequirePossible(run, kind);
            return await new Asking(context, await context.RunsAsync(cancellation), journal).AskAsync(head, kind, parsed.GetRequiredValue(why), !parsed.GetValue(noWait), cancellation);
        });
        return command;
    }
}
