using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Backends;
using Refresh.PulumiStandIn.Clouds;
using Refresh.PulumiStandIn.Faults;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>A preview or an update: every resource of the program is compared with the state, and made what the program wants.</summary>
internal sealed class Deployment(
    YamlProgram program, Snapshot snapshot, DeploymentOptions options, StepRunner runner, VCenter cloud, StandInFaults faults, Plan? plan, Action<Step, StepPhase> watch, CancellationToken interrupted)
{
    private readonly List<string> _created = [];
    private readonly StepPlanner _planner = new(options, faults, program);

    /// <summary>Every step that was planned or done, in order.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>Goes over all resources.</summary>
    /// <exception cref="StepFailure">A step failed, or violates the plan.</exception>
    /// <exception cref="ProgramFailure">The program cannot be run.</exception>
    /// <exception cref="OperationCanceledException">Interrupted, between two steps.</exception>
    public async Task RunAsync()
    {
        var stack = snapshot.Find(program.StackUrn);
        var stackStep = new Step(stack is null ? "create" : "same", stack, Resources.Dated(Resources.Stack(program.StackUrn), stack));
        Begin(stackStep);
        if (!options.IsPreview && stack is null)
            snapshot.Put(stackStep.New!);
        var provider = Provider();
        await ResourcesAsync(provider);
        await DeleteTheRestAsync();
        var outputs = program.Outputs();
        if (!options.IsPreview)
            snapshot.Put(WithOutputs(stackStep.New!, outputs));
        watch(stackStep with { New = WithOutputs(stackStep.New!, outputs) }, StepPhase.Done);
    }

    private static JsonObject WithOutputs(JsonObject stack, JsonObject outputs)
    {
        var full = new JsonObject();
        foreach (var (key, value) in stack)
        {
            full[key] = value?.DeepClone();
            if (key == "type")
                full["outputs"] = Json.Copy(outputs);
        }

        return full;
    }

    /// <summary>A preview goes on with what does not depend on a resource that failed.</summary>
    private async Task ResourcesAsync(string provider)
    {
        var failed = new HashSet<string>();
        StepFailure? failure = null;
        foreach (var name in program.Order().Where(name => !program.References(name).Any(failed.Contains)))
        {
            try
            {
                await ResourceAsync(name, provider);
            }
            catch (StepFailure e) when (options.IsPreview)
            {
                failure ??= e;
                failed.Add(program.UrnOf(name));
            }
        }

        if (failure is not null)
            throw failure;
    }

    private string Provider()
    {
        var urn = program.Urn(Types.Provider, "default");
        var old = snapshot.Find(urn);
        var provider = old ?? Resources.Provider(urn);
        var step = new Step(old is null ? "create" : "same", old, provider);
        Begin(step);
        watch(step, StepPhase.Done);
        if (!options.IsPreview && old is null)
            snapshot.Put(provider);
        return $"{urn}::{provider.Text("id")}";
    }

    private async Task ResourceAsync(string name, string provider)
    {
        var urn = program.UrnOf(name);
        var old = snapshot.Find(urn);
        var targeted = IsTarget(name);
        if (!targeted && old is null)
            return;
        var steps = targeted ? _planner.Plan(program.Evaluate(name), old, provider) : [new("same", old, StepPlanner.Unmade(old!))];
        await CheckTemplateAsync(steps);
        var last = old;
        foreach (var step in steps)
            last = await StepAsync(step) ?? last;
        program.Register(name, options.IsPreview && steps[^1].Op is not "same" ? Json.Unknown : last!.Text("id")!, Known(steps[^1], last));
        if (targeted)
            _created.Add(urn);
    }

    /// <summary>What a program sees of a resource that is not made yet.</summary>
    private JsonObject Known(Step step, JsonObject? last)
    {
        if (!options.IsPreview || step.Op == "same")
            return last!["outputs"]!.AsObject();
        var planned = step.Op == "update" ? Json.Copy(step.Old!["outputs"]!.AsObject()) : [];
        foreach (var (key, value) in step.New!["inputs"]!.AsObject())
            planned[key] = value?.DeepClone();
        foreach (var computed in new[] { "uuid", "moid", "defaultIpAddress", "guestIpAddresses", "powerState" })
            planned[computed] ??= Json.Unknown;
        return planned;
    }

    private bool IsTarget(string name) => options.Targets.Count == 0 || options.Targets.Contains(program.UrnOf(name))
        || (options.TargetDependents && program.References(name).Any(urn => options.Targets.Contains(urn) || _created.Contains(urn)));

    private async Task<JsonObject?> StepAsync(Step step)
    {
        interrupted.ThrowIfCancellationRequested();
        if (plan?.Violation(step) is { } violation)
            throw new StepFailure(new Diagnostic("error", $"resource {step.Urn} violates plan: {violation}", step.Urn));
        Begin(step);
        if (options.IsPreview)
            return null;
        try
        {
            var done = await runner.RunAsync(step);
            watch(done is null ? step : step with { New = done }, StepPhase.Done);
            return done;
        }
        catch (StepFailure e)
        {
            e.Step = step;
            throw;
        }
    }

    private async Task CheckTemplateAsync(IReadOnlyList<Step> steps)
    {
        var step = steps[^1];
        if (step.Type != Types.VirtualMachine || step.Op == "same" || !options.IsPreview || step.New!["inputs"].At("clone").As().Text("templateUuid") is not { } template)
            return;
        if (await cloud.FindTemplateAsync(template, interrupted) is not null)
            return;
        // The provider looks only when it has told what it would do.
        foreach (var planned in steps)
            Begin(planned);
        var why = VCenter.NoTemplate(template).Message;
        throw new StepFailure(
            new Diagnostic("error", $"  sdk-v2/provider2.go:572: sdk.helper_schema: {why}: provider=vsphere@{PulumiVersion.Provider}", step.Urn),
            new Diagnostic("error", $"Preview failed: diffing {step.Urn}: 1 error occurred:\n\t* {why}\n\n", step.Urn));
    }

    private async Task DeleteTheRestAsync()
    {
        var wanted = program.Order().Select(program.UrnOf).ToHashSet();
        foreach (var gone in snapshot.Resources.Where(resource => resource.Text("parent") is not null && !wanted.Contains(resource.Text("urn")!)).Reverse().ToList())
            if (options.Targets.Count == 0 || options.Targets.Contains(gone.Text("urn")!))
                _ = await StepAsync(new Step("delete", gone, null));
    }

    private void Begin(Step step)
    {
        Steps.Add(step);
        watch(step, StepPhase.Begun);
    }
}
