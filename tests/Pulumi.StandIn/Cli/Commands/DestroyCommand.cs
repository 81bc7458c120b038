using Refresh.PulumiStandIn.Deployments;

namespace Refresh.PulumiStandIn.Cli.Commands;

/// <summary><c>destroy</c>: deletes every resource, last made first.</summary>
internal static class DestroyCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        using var session = new Session(Workspace.Of(arguments), arguments, "Destroying", locks: true);
        var runner = new StepRunner(session.Snapshot, session.Save, session.Cloud, session.Faults, CancellationToken.None);
        var failed = false;
        try
        {
            foreach (var resource in session.Snapshot.Resources.Reverse().Where(resource => resource.Text("provider") is not null))
            {
                session.Interrupted.ThrowIfCancellationRequested();
                var step = new Step("delete", resource, null);
                session.Watch(step, StepPhase.Begun);
                await runner.RunAsync(step);
                session.Watch(step, StepPhase.Done);
            }

            foreach (var resource in session.Snapshot.Resources)
                session.Snapshot.Remove(resource.Text("urn")!);
        }
        catch (StepFailure e)
        {
            failed = true;
            foreach (var diagnostic in e.Diagnostics)
                session.Say(diagnostic);
        }
        catch (OperationCanceledException)
        {
            failed = true;
            session.Say(new("error", "destroy canceled"));
        }

        session.Save();
        return session.End(isPreview: false, failed, null);
    }
}
