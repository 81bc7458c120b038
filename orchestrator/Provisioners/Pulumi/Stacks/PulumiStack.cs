using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

/// <summary>One stack: what is asked of <c>pulumi</c> about it, as Pulumi's own Automation API asks.</summary>
internal sealed class PulumiStack(string name, PulumiCli cli, PulumiLimits limits)
{
    public string Name => name;

    /// <summary>Asked before each command that changes the state, the configuration or the cloud.</summary>
    public Func<CancellationToken, Task> Fence { get; private init; } = static _ => Task.CompletedTask;

    /// <summary>The same stack for one who must own the fleet to change it.</summary>
    public PulumiStack Fenced(Func<CancellationToken, Task> fence) => new(name, cli, limits) { Fence = fence };

    /// <summary>The state, and its text as it was printed. What was printed cut or damaged is printed once more before it counts: the state itself may be whole.</summary>
    /// <exception cref="AdapterException">It cannot be read.</exception>
    public async Task<(StackState State, string Text)> ExportAsync(CancellationToken cancellation)
    {
        try
        {
            return await PrintedAsync(cancellation);
        }
        catch (AdapterException damaged) when (damaged.InnerException is DocumentException)
        {
            return await PrintedAsync(cancellation);
        }
    }

    public async Task<ConfigDocument> ConfigAsync(CancellationToken cancellation)
    {
        var completion = await cli.SucceedAsync(Read("config", "--json"), null, cancellation);
        return Understand(() => ConfigDocument.Parse(completion.Output), "config-damaged", "correct the file of the stack's configuration");
    }

    public Task SetConfigAsync(string key, string value, CancellationToken cancellation) =>
        ChangeAsync(Read("config", "set", key, value, "--plaintext"), cancellation);

    public Task RemoveConfigAsync(string key, CancellationToken cancellation) =>
        ChangeAsync(Read("config", "rm", key), cancellation);

    /// <summary>The plan of nothing, or of one target when one is named.</summary>
    /// <exception cref="AdapterException">It failed, or cannot be read.</exception>
    public async Task<PreviewDocument> PreviewAsync(Target? target, string? plan, IProgress<string>? progress, CancellationToken cancellation)
    {
        string[] saved = plan is null ? [] : ["--save-plan", plan];
        var completion = await cli.RunAsync(Engine("preview", ["--json", "--show-replacement-steps", .. target?.Arguments ?? [], .. saved]), progress, cancellation);
        if (!completion.Succeeded)
            throw Failures.Of(completion, PreviewErrors(completion));
        var preview = Understand(() => PreviewDocument.Parse(completion.Output), "preview-damaged", "preview again");
        return preview.Errors.Count == 0 ? preview : throw Failures.Of(completion, preview.Errors);
    }

    /// <summary>Carries out a plan. Whatever comes of it, the state says what it did.</summary>
    public Task<Completion> UpAsync(Target target, string plan, string events, IProgress<string> progress, CancellationToken cancellation) =>
        TryAsync(
            Engine("up", ["--yes", "--skip-preview", .. target.Arguments, "--parallel", "1", "--plan", plan, "--event-log", events]) with
            {
                Timeout = null,
                StopTimeout = limits.StopTimeout,
                EventLog = events,
            },
            progress,
            cancellation);

    /// <summary>Reads one resource anew from the cloud: a refresh of the whole stack would fail on a rule that names a VM that is gone.</summary>
    public Task<Completion> RefreshAsync(string urn, bool clearPendingCreates, CancellationToken cancellation)
    {
        string[] clear = clearPendingCreates ? ["--clear-pending-creates"] : [];
        return TryAsync(Engine("refresh", ["--yes", "--skip-preview", .. clear, "--target", urn]), null, cancellation);
    }

    public Task CancelAsync(CancellationToken cancellation) =>
        ChangeAsync(Plain("cancel", "--yes"), cancellation);

    /// <summary>Forgets a resource and what depends on it; nothing in the cloud changes.</summary>
    public Task ForgetAsync(string urn, CancellationToken cancellation) =>
        ChangeAsync(Plain("state", "delete", urn, "--yes", "--force", "--target-dependents"), cancellation);

    /// <summary>Takes a VM that is there into the state.</summary>
    public Task<Completion> ImportAsync(string urn, string id, CancellationToken cancellation) =>
        TryAsync(Engine("import", [Urns.Type(urn), Urns.Name(urn), id, "--yes", "--skip-preview", "--generate-code=false", "--protect=false"]), null, cancellation);

    /// <summary>Puts a kept state in the place of the stack's.</summary>
    public Task RestoreAsync(string file, CancellationToken cancellation) =>
        ChangeAsync(Read("stack", "import", "--file", file), cancellation);

    /// <summary>Runs a command that changes something; the caller judges what came of it.</summary>
    private async Task<Completion> TryAsync(Invocation command, IProgress<string>? progress, CancellationToken cancellation)
    {
        await Fence(cancellation);
        return await cli.RunAsync(command, progress, cancellation);
    }

    private async Task ChangeAsync(Invocation command, CancellationToken cancellation)
    {
        await Fence(cancellation);
        await cli.SucceedAsync(command, null, cancellation);
    }

    private async Task<(StackState State, string Text)> PrintedAsync(CancellationToken cancellation)
    {
        var completion = await cli.SucceedAsync(Read("stack", "export"), null, cancellation);
        return (Understand(() => StackState.Parse(completion.Output), RebuildPreview.StateDamaged, "restore a state that was kept: pulumi stack import --file FILE"), completion.Output);
    }

    private static IReadOnlyList<string> PreviewErrors(Completion completion)
    {
        try
        {
            var errors = PreviewDocument.Parse(completion.Output).Errors;
            return errors.Count > 0 ? errors : [completion.Said];
        }
        catch (DocumentException)
        {
            // It failed before it printed anything, or in the midst of it.
            return [completion.Said];
        }
    }

    private static T Understand<T>(Func<T> parse, string code, string next)
    {
        try
        {
            return parse();
        }
        catch (DocumentException fault)
        {
            throw new AdapterException(new Reason(code, fault.Message, next), fault);
        }
    }

    private Invocation Read(params string[] arguments) => Plain([.. arguments, "--non-interactive"]);

    private Invocation Plain(params string[] arguments) => new(name, [.. arguments, "--stack", name]) { Timeout = limits.CommandTimeout };

    private Invocation Engine(string command, string[] arguments) =>
        new(name, [command, .. arguments, "--non-interactive", "--stack", name]) { Engine = true, Timeout = limits.CommandTimeout };
}

/// <summary>The one VM that an operation is kept to, with what hangs on it.</summary>
/// <param name="Urn">Its URN.</param>
/// <param name="Forced">Whether it is replaced although nothing that Pulumi knows of asks for it.</param>
internal sealed record Target(string Urn, bool Forced)
{
    public IReadOnlyList<string> Arguments =>
        ["--target", Urn, "--target-dependents", .. Forced ? (string[])["--target-replace", Urn] : []];
}
