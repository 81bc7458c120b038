using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.PulumiStandIn.Faults;

namespace Refresh.PulumiStandIn.Clouds;

/// <summary>The lab as a vCenter: VMs by UUID and by name, templates by UUID, clones.</summary>
internal sealed class VCenter(string server, StandInFaults faults) : IDisposable
{
    private readonly LabClient _lab = new(new($"http://{server}/"));
    private bool _lost;

    /// <summary>Looks whether it answers.</summary>
    public Task ConnectAsync(CancellationToken cancellation) => CallAsync(() => _lab.ImagesAsync(cancellation));

    public async Task<LabVm?> FindAsync(string uuid, CancellationToken cancellation) =>
        (await CallAsync(() => _lab.VmsAsync(cancellation))).FirstOrDefault(vm => vm.Id is not null && Uuid(vm.Id) == uuid && !Gone(vm));

    public async Task<LabVm?> FindByNameAsync(string name, CancellationToken cancellation) =>
        await CallAsync(() => _lab.FindAsync(name, cancellation)) is { } vm && !Gone(vm) ? vm : null;

    /// <summary>The label of a template: by its label, its location, its digest, or the UUID that its digest begins with.</summary>
    public async Task<string?> FindTemplateAsync(string id, CancellationToken cancellation) =>
        (await CallAsync(() => _lab.ImagesAsync(cancellation)))
            .FirstOrDefault(image => image.Location == id || image.Manifest.Label() == id || image.Manifest.Digest == id || TemplateUuid(image.Manifest.Digest) == id)?.Manifest.Label();

    public async Task DeleteAsync(string uuid, CancellationToken cancellation)
    {
        var vm = await FindAsync(uuid, cancellation)
            ?? throw new CloudException($"cannot locate virtual machine with UUID \"{uuid}\": virtual machine with UUID \"{uuid}\" not found");
        await EndAsync("error destroying virtual machine", () => _lab.DeleteAsync(vm.Name, cancellation), cancellation);
        _lost = faults.Befalls(StandInFaults.UnreachableAfterDelete, vm.Name);
    }

    public async Task<LabVm> CloneAsync(string name, string template, string host, CancellationToken cancellation)
    {
        var facts = await CallAsync(() => _lab.FactsAsync(cancellation));
        var label = await FindTemplateAsync(template, cancellation) ?? throw NoTemplate(template);
        var there = facts.Vms.FirstOrDefault(vm => vm.Name == name);
        if (there is not null && !Gone(there))
            throw new CloudException("error cloning virtual machine: *types.DuplicateName");
        var dash = name.LastIndexOf('-');
        // The lab keeps the name of a VM whose clone failed; in a vCenter nothing is left of it.
        await EndAsync("error cloning virtual machine", () => there is not null
            ? _lab.CloneAsync(name, new CloneRequest(label), cancellation)
            : _lab.CreateAsync(new CreateRequest(name, label, host, facts.Vms.Select(vm => vm.Port).FirstOrDefault(facts.Api.Port), dash > 0 ? name[..dash] : null, dash > 0 ? name[(dash + 1)..] : null), cancellation), cancellation);
        if (faults.Delay(StandInFaults.SlowClone, name) is { } longer)
            await Task.Delay(longer, cancellation);
        return await FindByNameAsync(name, cancellation) ?? throw new CloudException($"error cloning virtual machine: {name} is not there");
    }

    /// <summary>A lab's id as vSphere writes UUIDs.</summary>
    public static string Uuid(string id) => Guid.TryParseExact(id, "N", out var uuid) ? uuid.ToString("D") : id;

    /// <summary>The UUID of a template, from its digest.</summary>
    public static string TemplateUuid(string digest) => Uuid(digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..][..32]);

    public static CloudException NoTemplate(string id) =>
        new($"cannot locate virtual machine or template with UUID \"{id}\": virtual machine with UUID \"{id}\" not found");

    public void Dispose() => _lab.Dispose();

    // What is missing has a name in the lab and no VM, unless one is being made just now.
    private static bool Gone(LabVm vm) => vm.Power == LabPower.Missing;

    private async Task EndAsync(string failure, Func<Task<LabOperation>> begin, CancellationToken cancellation)
    {
        var operation = await CallAsync(begin, failure);
        var ended = await CallAsync(() => _lab.WaitAsync(operation, null, cancellation), failure);
        if (ended.State == LabOperationState.Failed)
            throw new CloudException($"{failure}: {ended.Reason}");
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, string? failure = null)
    {
        if (_lost || faults.Befalls(StandInFaults.Unreachable))
            throw Refused();
        var doing = failure is null ? string.Empty : failure + ": ";
        try
        {
            return await call();
        }
        catch (LabException e) when (e.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
        {
            throw Refused();
        }
        catch (LabException e) when (e.Code == "lab-unreachable")
        {
            throw new CloudException($"{doing}Post \"https://{server}/sdk\": EOF");
        }
        catch (LabException e)
        {
            throw new CloudException(doing + e.Text);
        }
    }

    private CloudException Refused() =>
        new($"error setting up new vSphere SOAP client: Post \"https://{server}/sdk\": dial tcp {server}: connect: connection refused");
}
