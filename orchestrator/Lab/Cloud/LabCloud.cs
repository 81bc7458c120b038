using System.Collections.Concurrent;
using System.Net;
using Refresh.Lab.Client;
using Refresh.Lab.Guests;
using Refresh.Lab.Images;

namespace Refresh.Lab.Cloud;

/// <summary>What the lab does with its VMs. Every change is an operation; a VM has one at a time.</summary>
internal sealed class LabCloud(LabBook book, ImageStore images, GuestRoom guests, CloneWork clones, LabOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Task> _running = new();

    public LabBook Book => book;

    public ImageStore Images => images;

    public LabOperation Clone(string name, CloneRequest request)
    {
        var image = Find(request.Image, request.Digest);
        var operation = book.Begin(name, "clone", image.Manifest.Label(), vm => Expect(vm, request.ExpectedId));
        return Run(operation, cancellation => clones.RunAsync(operation, image, cancellation));
    }

    public LabOperation Create(CreateRequest request)
    {
        var image = Find(request.Image, request.Digest);
        if (!IPAddress.TryParse(request.Host, out var host) || !IPAddress.IsLoopback(host))
            throw new LabException("address-not-loopback", 400, $"{request.Host} is not an address in 127.0.0.0/8.", "give such an address");
        if (request.Name.Length is 0 or > 64 || !request.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            throw new LabException("bad-name", 400, $"'{request.Name}' cannot be the name of a VM.", "use letters, digits, - and _, at most 64");
        var vm = new LabVm(request.Name, request.Pair, request.Member, request.Host, request.Port, null, null, null, null, LabPower.Missing, null, "new");
        var operation = book.BeginCreate(vm, "create", image.Manifest.Label());
        return Run(operation, cancellation => clones.RunAsync(operation, image, cancellation));
    }

    public LabOperation Delete(string name)
    {
        var operation = book.Begin(name, "delete", null, _ => { });
        return Run(operation, async _ =>
        {
            await guests.StopAsync(name);
            clones.DeleteDisk(name);
            book.Remove(name);
        });
    }

    public LabOperation Power(string name, PowerAction action)
    {
        var operation = book.Begin(name, "power", null, vm => Switchable(vm, action));
        return Run(operation, _ => SwitchAsync(name, action));
    }

    public void Fail(FaultRequest request)
    {
        if (request.Vm != "*")
            _ = book.Get(request.Vm);
        if (request.Count < 1 || request.Ms < 0)
            throw new LabException("bad-fault", 400, "A fault's count is at least 1, and its ms at least 0.", "correct them");
        var fault = new LabFault(request.Vm, request.Kind, request.Count, request.Ms);
        if (!request.Now)
            book.Add(fault);
        else if (request.Kind.BefallsRunningGuests())
            guests.Befall(fault);
        else
            throw new LabException("bad-fault", 400, $"{request.Kind} cannot befall a guest that runs.", "let it wait for the next clone");
    }

    public void ClearFaults(string? vm)
    {
        book.ClearFaults(vm);
        guests.Heal(vm ?? "*");
        clones.Release(vm);
    }

    /// <summary>Whether the answer to the next call for a clone of this VM is cut off.</summary>
    public bool CutsOff(string vm) =>
        book.Faults().Any(fault => fault.Kind == LabFaultKind.CloneSucceedsLate && (fault.Vm == vm || fault.Vm == "*"));

    /// <summary>Reads an operation as soon as it has ended, or after a while as it is then.</summary>
    public async Task<LabOperation> ReadAsync(string id, TimeSpan wait, CancellationToken cancellation)
    {
        if (_running.TryGetValue(id, out var work))
            await work.WaitAsync(wait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return book.Operations(null).FirstOrDefault(operation => operation.Id == id)
            ?? throw new LabException("unknown-operation", 404, $"There is no operation {id}.", "list them: GET /v1/operations");
    }

    /// <summary>Ends what goes on and stops every guest; VMs that were on come back with the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values);
        var on = book.Vms().Where(vm => vm.Power == LabPower.On).Select(vm => vm.Name).ToHashSet();
        await guests.StopAllAsync();
        foreach (var name in on)
            book.Change(name, vm => vm with { Power = LabPower.On, Pid = null, Detail = "the lab is stopped" });
        _stopping.Dispose();
    }

    private LabOperation Run(LabOperation operation, Func<CancellationToken, Task> work)
    {
        _running[operation.Id] = Task.Run(() => CarryOutAsync(operation, work));
        return operation;
    }

    private async Task CarryOutAsync(LabOperation operation, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stopping.Token);
            book.End(operation, null);
        }
        catch (OperationCanceledException)
        {
            book.End(operation, "the lab ended while this went on");
        }
        catch (Exception e)
        {
            book.End(operation, e.Message);
        }
        finally
        {
            _running.TryRemove(operation.Id, out _);
        }
    }

    private async Task SwitchAsync(string name, PowerAction action)
    {
        if (action == PowerAction.On)
            guests.Boot(name, options.BootDelay, []);
        else if (action == PowerAction.Off)
            await guests.StopAsync(name);
        else
            await guests.CrashAsync(name);
        if (action != PowerAction.On)
            book.Change(name, vm => vm with { Power = LabPower.Off, Pid = null, Detail = action == PowerAction.Off ? "switched off" : "crashed" });
    }

    private LabImage Find(string label, string? digest)
    {
        var image = images.Find(label);
        return digest is null || digest == image.Manifest.Digest
            ? image
            : throw new LabException("digest-differs", 412, $"{image.Manifest.Label()} has digest {image.Manifest.Digest}, not {digest}.", "read the image again");
    }

    private static void Expect(LabVm vm, string? id)
    {
        if (id is not null && vm.Id != id)
            throw new LabException("vm-changed", 412, $"{vm.Name} is {vm.Id ?? "missing"} now, not {id}.", "look at the VM again");
    }

    private void Switchable(LabVm vm, PowerAction action)
    {
        if (vm.Id is null || !Directory.Exists(options.Disk(vm.Name)))
            throw new LabException("vm-missing", 409, $"{vm.Name} has no disk to boot from.", "clone it");
        if (action == PowerAction.On && vm.Power == LabPower.On)
            throw new LabException("vm-on", 409, $"{vm.Name} is on already.", "nothing needs to be done");
    }
}
