using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh rollback</c>: shows what would go back to what, asks, and takes it back.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var run = FleetArguments.Run();
        var (why, yes, detach) = (RemoteCommands.Why(), Question.Yes(), RemoteCommands.Detach());
        var command = new Command("rollback", "Take every member that a run has touched back to the image recorded for it, one of a pair at a time.") { run, why, yes, detach };
        RemoteCommands.ForElsewhere(command, detach);
        command.Do((context, parsed, cancellation) => new TakeUp(context, RequestKind.Rollback, parsed.GetRequiredValue(why), parsed.GetValue(detach))
            .GoAsync(parsed.GetValue(run), RequirePossible, (journal, of) => parsed.GetValue(yes) ? Task.CompletedTask : AskAsync(context, journal, of, cancellation), cancellation));
        return command;
    }

    private static async Task AskAsync(CommandContext context, IRunJournal journal, Run run, CancellationToken cancellation)
    {
        var latest = (await journal.RunsAsync(run.Fleet.Name, 1, cancellation)).FirstOrDefault(head => head.Run != run.Id);
        var steps = RollbackPlan.Of(run);
        var text = new RollbackText(run, steps, latest, await RevocationOf.Async(run, steps.Select(step => step.Image).OfType<ImageRef>(), cancellation));
        if (!context.Json)
            text.Write(Screen.Of(context));
        await text.Question.AskAsync(cancellation);
    }

    private static void RequirePossible(Run run)
    {
        if (!RunMachine.CanFire(run.State, RunTrigger.Rollback, run.GoingBack) && run.State != RunState.RollingBack)
            throw new CommandFailure(ExitCodes.Refused, "run-not-possible", $"Run {run.Id} is {run.State} and cannot be rolled back.", $"`refresh status {run.Id}` shows how it stands.");
    }
}
