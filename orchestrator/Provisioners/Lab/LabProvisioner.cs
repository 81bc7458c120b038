using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Lab;

/// <summary>Rebuilds members in the lab, over its HTTP interface.</summary>
public sealed class LabProvisioner : IProvisioner, IMachineInventory, IDisposable
{
    private readonly LabSettings _settings;
    private readonly TimeProvider _time;
    private readonly LabClient _lab;

    /// <summary>Creates the adapter.</summary>
    /// <param name="settings">Where the lab is, and what it calls each member's VM.</param>
    /// <param name="time">The clock.</param>
    public LabProvisioner(LabSettings settings, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_settings, _time, _lab) = (settings, time, new LabClient(settings.Url));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(members);
        try
        {
            var vms = (await _lab.VmsAsync(cancellation)).ToDictionary(vm => vm.Name);
            return [.. members.Select(member => LabFindings.Check(member, _settings, vms)).OfType<Reason>()];
        }
        catch (LabException e)
        {
            return [LabFindings.Of(e)];
        }
    }

    /// <inheritdoc />
    public Task<VmFacts> ObserveAsync(Member member, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(member);
        return AskAsync(member, async () => Facts(member, await _lab.FindAsync(Name(member), cancellation)));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<MachineFacts>> ListAsync(CancellationToken cancellation)
    {
        try
        {
            return [.. (await _lab.VmsAsync(cancellation)).Where(vm => vm.Id is not null).Select(vm => LabFindings.Machine(vm, _settings.Url))];
        }
        catch (LabException e)
        {
            throw new AdapterException(LabFindings.Of(e), e);
        }
    }

    /// <inheritdoc />
    public Task<RebuildPreview> PreviewAsync(Member member, GoldenImage image, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(image);
        return AskAsync(member, async () =>
        {
            var vm = await _lab.FindAsync(Name(member), cancellation);
            if (vm is { Power: LabPower.Changing })
                throw LabFindings.Busy(member, vm);
            if (LabFindings.Check(image, await _lab.ImagesAsync(cancellation)) is { } wrong)
                throw new AdapterException(wrong);
            var step = vm?.Id is null
                ? new PlannedStep(PlannedOperation.Create, PlannedSubject.MemberVm, Name(member), $"clone of {image.Ref.Label}; there is no VM")
                : new PlannedStep(PlannedOperation.Replace, PlannedSubject.MemberVm, Name(member), $"clone of {image.Ref.Label} in place of {vm.Image}");
            return new RebuildPreview(Token(vm?.Id, image), [step], Facts(member, vm));
        });
    }

    /// <inheritdoc />
    public Task<VmFacts> RebuildAsync(Member member, GoldenImage image, RebuildPreview preview, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(preview);
        return AskAsync(member, async () =>
        {
            var before = preview.Before.Identity;
            var vm = await _lab.FindAsync(Name(member), cancellation);
            if (preview.Token != Token(before?.Id, image) || vm?.Id != before?.Id)
                throw LabFindings.Stale(member, preview, vm);
            await fence(cancellation);
            var operation = await _lab.WaitAsync(await BeginAsync(member, image, vm, cancellation), progress, cancellation);
            if (operation.State == LabOperationState.Failed)
                throw LabFindings.Failed(member, operation);
            var after = Facts(member, await _lab.FindAsync(Name(member), cancellation));
            return after.Identity is not null && after.Identity != before && after.Image == image.Ref.Label
                ? after
                : throw LabFindings.NotRebuilt(member, image, after);
        });
    }

    /// <inheritdoc />
    public Task<RebuildRecovery> RecoverAsync(Member member, VmFacts before, ImageRef image, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(before);
        return AskAsync(member, async () =>
        {
            var rungs = new Rungs(progress);
            var operation = await _lab.OperationsAsync(Name(member), cancellation) is [.., var last] ? last : null;
            if (operation is { Finished: false })
            {
                rungs.Add($"{operation.Kind} {operation.Id} goes on ({operation.Phase}); waiting for it");
                operation = await _lab.WaitAsync(operation, progress, cancellation);
            }
            rungs.Add(operation is null ? "the lab has no operation on this VM" : LabFindings.Told(operation));
            var vm = Facts(member, await _lab.FindAsync(Name(member), cancellation));
            var fate = Fate(before, vm);
            rungs.Add($"the VM is {vm.Identity?.ToString() ?? "missing"}, {vm.Power}; before it was {before.Identity?.ToString() ?? "missing"}");
            return new RebuildRecovery(fate, vm, rungs.All);
        });
    }

    /// <inheritdoc />
    public Task<VmFacts> PowerOffAsync(Member member, VmIdentity vm, IProgress<string> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(member);
        return AskAsync(member, async () =>
        {
            var now = Facts(member, await _lab.FindAsync(Name(member), cancellation));
            if (now.Identity != vm)
                throw LabFindings.OtherVm(member, vm, now);
            if (now.Power == VmPower.Off)
                return now;
            var operation = await _lab.WaitAsync(await _lab.PowerAsync(Name(member), PowerAction.Off, cancellation), progress, cancellation);
            return operation.State == LabOperationState.Failed
                ? throw LabFindings.NotOff(member, operation)
                : Facts(member, await _lab.FindAsync(Name(member), cancellation));
        });
    }

    /// <inheritdoc />
    public void Dispose() => _lab.Dispose();

    private static RebuildFate Fate(VmFacts before, VmFacts now) =>
        now.Identity is null ? RebuildFate.Gone
        : now.Identity != before.Identity ? RebuildFate.Happened
        : now.Power == VmPower.On ? RebuildFate.Untouched
        : RebuildFate.Gone;

    private Task<LabOperation> BeginAsync(Member member, GoldenImage image, LabVm? vm, CancellationToken cancellation) =>
        vm is null
            ? _lab.CreateAsync(new(Name(member), image.Ref.Label, member.Address.Host, member.Address.Port, member.Id.Pair, member.Id.Name, image.Ref.Digest), cancellation)
            : _lab.CloneAsync(vm.Name, new(image.Ref.Label, image.Ref.Digest, vm.Id), cancellation);

    private static string Token(string? vm, GoldenImage image) => $"{vm ?? "missing"} {image.Ref.Label} {image.Ref.Digest}";

    private VmFacts Facts(Member member, LabVm? vm) => LabFindings.Facts(Name(member), vm, _time.GetUtcNow());

    private string Name(Member member) =>
        _settings.Vms.TryGetValue(member.Id, out var name) ? name : throw new AdapterException(LabFindings.Unnamed(member));

    private static async Task<T> AskAsync<T>(Member member, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (LabException e)
        {
            var reason = LabFindings.Of(e);
            throw new AdapterException(reason with { Text = $"{member.Id}: {reason.Text}" }, e);
        }
    }
}
