using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Backends;
using Refresh.PulumiStandIn.Deployments;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Cli.Commands;

/// <summary><c>up</c> and <c>preview</c>.</summary>
internal static class UpdateCommand
{
    public static async Task<int> UpAsync(Arguments arguments)
    {
        if (!arguments.Has("yes"))
            throw new PulumiFailure("--yes or --skip-preview must be passed in to proceed when running in non-interactive mode");
        var plan = Plan.Load(arguments.Value("plan"));
        using var session = new Session(Workspace.Of(arguments), arguments, "Updating", locks: true);
        session.Events.Prelude(session.ShownConfig);
        session.WarnOfPending();
        var failed = await RunAsync(session, session.Snapshot, DeploymentOptions.Of(arguments, isPreview: false), plan, session.Save, []);
        session.Save();
        session.Workspace.State.BackUp();
        return session.End(isPreview: false, failed, session.Snapshot.Resources.FirstOrDefault(resource => resource.Text("type") == Types.Stack)?["outputs"] as JsonObject);
    }

    public static async Task<int> PreviewAsync(Arguments arguments)
    {
        using var session = new Session(Workspace.Of(arguments), arguments, "Previewing update", locks: false);
        session.Events.Prelude(session.ShownConfig);
        if (!arguments.Has("json"))
            session.WarnOfPending();
        var steps = new List<Step>();
        // What a preview makes of the state is thrown away.
        var scratch = new Snapshot(Json.Copy(session.Snapshot.Deployment));
        var failed = await RunAsync(session, scratch, DeploymentOptions.Of(arguments, isPreview: true), null, () => { }, steps);
        if (!failed && arguments.Value("save-plan") is { } file)
            Plan.Save(file, steps, session.ShownConfig);
        if (arguments.Has("json"))
            Console.WriteLine(Json.Wide(Document(session, Shown(steps, arguments))));
        var changes = session.Changes.Changed;
        var code = session.End(isPreview: true, failed, null);
        return code == 0 && arguments.Has("expect-no-changes") && changes > 0 ? 7 : code;
    }

    private static async Task<bool> RunAsync(Session session, Snapshot snapshot, DeploymentOptions options, Plan? plan, Action save, List<Step> steps)
    {
        var runner = new StepRunner(snapshot, save, session.Cloud, session.Faults, CancellationToken.None);
        var doing = options.IsPreview ? "preview" : "update";
        Deployment? deployment = null;
        try
        {
            deployment = new Deployment(session.Program(), snapshot, options, runner, session.Cloud, session.Faults, plan, session.Watch, session.Interrupted);
            await deployment.RunAsync();
            return false;
        }
        catch (StepFailure e)
        {
            foreach (var diagnostic in e.Diagnostics)
                session.Say(diagnostic);
            if (e.Step is { } step)
                session.Watch(step, StepPhase.Failed);
            session.Say(new("error", $"{doing} failed"));
        }
        catch (ProgramFailure e)
        {
            foreach (var message in e.Messages)
                session.Say(new("error", message));
        }
        catch (OperationCanceledException)
        {
            session.Say(new("error", $"{doing} canceled"));
        }
        finally
        {
            steps.AddRange(deployment?.Steps ?? []);
        }

        return true;
    }

    private static IEnumerable<Step> Shown(IEnumerable<Step> steps, Arguments arguments) => steps.Where(step => step.Op switch
    {
        "same" => step.Type == Types.Stack || (arguments.Has("show-sames") && step.Type != Types.Provider),
        "create-replacement" or "delete-replaced" => arguments.Has("show-replacement-steps"),
        _ => true,
    });

    private static JsonObject Document(Session session, IEnumerable<Step> steps) => new()
    {
        ["config"] = Json.Copy(session.ShownConfig),
        ["steps"] = new JsonArray([.. steps.Select(step => step.Document())]),
        ["diagnostics"] = new JsonArray([.. session.Diagnostics.Select(one => one.Document())]),
        ["duration"] = session.Nanoseconds(),
        ["changeSummary"] = session.Changes.Document(),
    };
}
