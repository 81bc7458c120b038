using System.CommandLine;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh resume</c>: goes on with a run.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var run = FleetArguments.Run();
        var (why, detach) = (RemoteCommands.Why(), RemoteCommands.Detach());
        var command = new Command("resume", "Go on with a run that was paused, left or lost; what was under way is looked at first.") { run, why, detach };
        RemoteCommands.ForElsewhere(command, detach);
        command.Do((context, parsed, cancellation) => new TakeUp(context, RequestKind.Resume, parsed.GetRequiredValue(why), parsed.GetValue(detach))
            .GoAsync(parsed.GetValue(run), RequireUnfinished, (_, _) => Task.CompletedTask, cancellation));
        return command;
    }

    private static void RequireUnfinished(Run run)
    {
        if (run.Finished)
            throw new CommandFailure(ExitCodes.Refused, "run-ended", $"Run {run.Id} has ended: {run.State}. There is nothing to resume.", "A new run is begun by `refresh run`.");
    }
}
