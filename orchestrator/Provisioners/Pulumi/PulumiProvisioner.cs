using System.Collections.Concurrent;
using Refresh.Orchestrator.Provisioners.Pulumi.Checking;
using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Keeping;
using Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;
using Refresh.Orchestrator.Provisioners.Pulumi.Recovery;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi;

/// <summary>Rebuilds members through Pulumi, by its command line: one stack a pair (docs/stack-contract.md).</summary>
internal sealed class PulumiProvisioner : IProvisioner, IDisposable
{
    private readonly PulumiSettings _settings;
    private readonly TimeProvider _clock;
    private readonly Keeper _keeper;
    private readonly PulumiCli _cli;
    private readonly Secrets _secrets;
    private readonly ConcurrentDictionary<string, PulumiPair> _pairs = new(StringComparer.Ordinal);

    /// <summary>Creates the adapter.</summary>
    /// <param name="settings">Where the program is, and which stack is which pair's.</param>
    /// <param name="records">The folder, beside the journal, for the states, plans and events that are kept with the runs.</param>
    /// <param name="bounds">What bounds all fleets of this process together.</param>
    /// <param name="clock">The only clock.</param>
    /// <exception cref="AdapterException">A file of secrets cannot be read.</exception>
    public PulumiProvisioner(PulumiSettings settings, string records, ProcessBounds bounds, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_settings, _clock, _keeper) = (settings, clock, new Keeper(records, clock));
        var environment = PulumiEnvironment.Of(settings.Access);
        _secrets = environment.Secrets;
        var process = new PulumiProcess(settings.Command, settings.Project, environment, clock);
        _cli = new PulumiCli(process, bounds, settings.Limits);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(members);
        ProjectFile project;
        try
        {
            project = Project();
        }
        catch (AdapterException failure)
        {
            return [failure.Reason];
        }

        if (await Requirements.CommandAsync(_cli, _settings.Limits.CommandTimeout, cancellation) is { } wrong)
            return [_secrets.Scrub(wrong)];
        var found = await Task.WhenAll(members.GroupBy(member => member.Id.Pair).Select(pair => CheckAsync(pair.Key, [.. pair], project, cancellation)));
        return [.. found.SelectMany(reasons => reasons).Select(_secrets.Scrub)];
    }

    /// <inheritdoc />
    public Task<VmFacts> ObserveAsync(Member member, CancellationToken cancellation) => ForAsync(member, async pair =>
        _secrets.Scrub((await pair.ViewAsync(member, cancellation)).Vm.Facts(_clock.GetUtcNow())));

    /// <inheritdoc />
    public Task<RebuildPreview> PreviewAsync(Member member, GoldenImage image, CancellationToken cancellation) => ForAsync(member, pair =>
        pair.AloneAsync(async () => _secrets.Scrub(await new Preview(pair, _keeper, _clock).RunAsync(member, image, cancellation)), cancellation));

    /// <inheritdoc />
    public Task<VmFacts> RebuildAsync(Member member, GoldenImage image, RebuildPreview preview, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation) => ForAsync(member, pair =>
        pair.AloneAsync(async () => _secrets.Scrub(await new Rebuild(pair.Fenced(fence), _keeper, _clock).RunAsync(member, image, preview, _secrets.Scrub(progress), cancellation)), cancellation));

    /// <inheritdoc />
    public Task<RebuildRecovery> RecoverAsync(Member member, VmFacts before, ImageRef image, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation) => ForAsync(member, pair =>
        pair.AloneAsync(async () => _secrets.Scrub(await Ladder(pair.Fenced(fence), member, _secrets.Scrub(progress)).ClimbAsync(before, cancellation)), cancellation));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var pair in _pairs.Values)
            pair.Gate.Dispose();
    }

    private async Task<IReadOnlyList<Reason>> CheckAsync(string name, IReadOnlyList<Member> members, ProjectFile project, CancellationToken cancellation)
    {
        if (!_settings.Stacks.ContainsKey(name))
            return [.. members.Select(member => Unnamed(member).Reason)];
        var pair = Pair(members[0]);
        return await new StackCheck(pair, Locks(pair), _settings, project).LookAsync(members, cancellation);
    }

    private Ladder Ladder(PulumiPair pair, Member member, IProgress<string> progress)
    {
        var rungs = new Rungs(progress);
        var byHand = new ByHand(_settings, pair.Stack.Name, member);
        var locks = new LockRung(pair, Locks(pair), PulumiEnvironment.MarkOf(_settings.Project, pair.Stack.Name), rungs, byHand, _clock);
        var cloud = new CloudRung(pair, locks, rungs, byHand, _clock);
        return new Ladder(
            pair, _keeper, locks, new StateRung(pair, _keeper, member, rungs, byHand), cloud, new OrphanRung(pair, _keeper, cloud, rungs, byHand, _settings.Limits.OrphanWait, _clock), rungs, _clock);
    }

    /// <inheritdoc />
    public Task<VmFacts> PowerOffAsync(Member member, VmIdentity vm, IProgress<string> progress, CancellationToken cancellation) =>
        Task.FromException<VmFacts>(new AdapterException(new Reason(
            "power-off-unsupported",
            $"{member?.Id} cannot be powered off: a stack has no way to do so",
            "it is powered off by hand, and `dormant` in the fleet file says something else than refresh")));

    private LockFiles Locks(PulumiPair pair) => LockFiles.Of(_settings.Access.Backend, _settings.Project, pair.Project, pair.Stack.Name);

    private async Task<T> ForAsync<T>(Member member, Func<PulumiPair, Task<T>> act)
    {
        ArgumentNullException.ThrowIfNull(member);
        try
        {
            return await act(Pair(member));
        }
        catch (AdapterException failure)
        {
            // What caused it holds the same words, unscrubbed.
            throw new AdapterException(_secrets.Scrub(Refusals.Of(member, failure).Reason));
        }
    }

    private PulumiPair Pair(Member member) => _pairs.GetOrAdd(
        _settings.Stacks.TryGetValue(member.Id.Pair, out var stack) ? stack : throw Unnamed(member),
        name =>
        {
            var project = Project().Name;
            return new PulumiPair(new PulumiStack(name, _cli, _settings.Limits), project, new MemberLetters(project, _settings.Vms), new SemaphoreSlim(1));
        });

    private ProjectFile Project()
    {
        var path = Path.Combine(_settings.Project, "Pulumi.yaml");
        try
        {
            return ProjectFile.Parse(File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is DocumentException or IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("project-missing", $"{path}: {fault.Message}", "name the folder of the Pulumi program in 'provisioner.pulumi.project'"), fault);
        }
    }

    private static AdapterException Unnamed(Member member) =>
        new(new Reason("stack-unnamed", $"{member.Id}: pair {member.Id.Pair} has no stack in the provisioner's settings", "name its stack in the fleet file"));
}
