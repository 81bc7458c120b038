using System.Security.Cryptography;
using Refresh.Lab.Client;

namespace Refresh.Lab.Cloud;

/// <summary>The lab's memory: VMs, operations and faults, on disk after every change.</summary>
internal sealed class LabBook
{
    private const int OperationsKept = 500;
    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly TimeProvider _time;
    private readonly SortedDictionary<string, LabVm> _vms;
    private readonly List<LabOperation> _operations;
    private readonly List<LabFault> _faults;
    private int _lastHandle;

    public LabBook(string file, LabState state, TimeProvider time)
    {
        (_file, _time, Subnet, Port, _lastHandle) = (file, time, state.Subnet, state.Port, state.LastHandle);
        _vms = new(state.Vms.ToDictionary(vm => vm.Name, vm => vm with { Pid = null }), StringComparer.Ordinal);
        _operations = [.. state.Operations.Select(Interrupted)];
        _faults = [.. state.Faults];
        Save();
    }

    public string Subnet { get; }

    public int Port { get; }

    public IReadOnlyList<LabVm> Vms()
    {
        lock (_lock)
            return [.. _vms.Values.Select(Shown)];
    }

    public LabVm? Find(string name)
    {
        lock (_lock)
            return _vms.TryGetValue(name, out var vm) ? Shown(vm) : null;
    }

    public LabVm Get(string name) => Find(name) ?? throw UnknownVm(name);

    public IReadOnlyList<LabOperation> Operations(string? vm)
    {
        lock (_lock)
            return [.. _operations.Where(operation => vm is null || operation.Vm == vm)];
    }

    /// <summary>Begins an operation on a VM that is there, unless another one goes on.</summary>
    public LabOperation Begin(string vm, string kind, string? image, Action<LabVm> check)
    {
        lock (_lock)
        {
            var found = _vms.GetValueOrDefault(vm) ?? throw UnknownVm(vm);
            if (Unfinished(vm) is { } other)
                throw new LabException("vm-busy", 409, $"{vm} is busy: {other.Kind} {other.Id}, {other.Phase}.", "wait until that operation has ended");
            check(found);
            return Record(vm, kind, image);
        }
    }

    /// <summary>Adds a VM that is not there yet, and begins the operation that makes it.</summary>
    public LabOperation BeginCreate(LabVm vm, string kind, string? image)
    {
        lock (_lock)
        {
            if (_vms.ContainsKey(vm.Name))
                throw new LabException("vm-exists", 409, $"There is a VM {vm.Name} already.", "choose another name, or clone it in place");
            if (_vms.Values.FirstOrDefault(other => (other.Host, other.Port) == (vm.Host, vm.Port)) is { } taken)
                throw new LabException("address-taken", 409, $"{vm.Host}:{vm.Port} is the address of {taken.Name}.", "choose another address");
            _vms[vm.Name] = vm;
            return Record(vm.Name, kind, image);
        }
    }

    public void Progress(LabOperation operation, string phase)
    {
        lock (_lock)
            Replace(operation.Id, found => found with { State = LabOperationState.Running, Phase = phase });
    }

    public void End(LabOperation operation, string? failure)
    {
        lock (_lock)
        {
            Replace(operation.Id, found => found with
            {
                State = failure is null ? LabOperationState.Succeeded : LabOperationState.Failed,
                Phase = failure is null ? "done" : found.Phase,
                Reason = failure,
                FinishedAt = _time.GetUtcNow(),
            });
            Save();
        }
    }

    public void Change(string vm, Func<LabVm, LabVm> change)
    {
        lock (_lock)
        {
            if (!_vms.TryGetValue(vm, out var found))
                return;
            _vms[vm] = change(found);
            Save();
        }
    }

    public void Remove(string vm)
    {
        lock (_lock)
        {
            _vms.Remove(vm);
            Save();
        }
    }

    /// <summary>Gives a VM the two ids of a new clone.</summary>
    public void Identify(string vm, string image, string digest)
    {
        lock (_lock)
            Change(vm, found => found with
            {
                Id = RandomNumberGenerator.GetHexString(32, lowercase: true),
                Handle = $"vm-{++_lastHandle}",
                Image = image,
                Digest = digest,
                Power = LabPower.Off,
                Detail = "cloned",
            });
    }

    public IReadOnlyList<LabFault> Faults()
    {
        lock (_lock)
            return [.. _faults];
    }

    public void Add(LabFault fault)
    {
        lock (_lock)
        {
            _faults.Add(fault);
            Save();
        }
    }

    public void ClearFaults(string? vm)
    {
        lock (_lock)
        {
            _faults.RemoveAll(fault => vm is null || fault.Vm == vm);
            Save();
        }
    }

    /// <summary>Takes the faults that befall the next clone of a VM.</summary>
    public IReadOnlyList<LabFault> TakeFaults(string vm)
    {
        lock (_lock)
        {
            var taken = _faults.Where(fault => fault.Vm == vm || fault.Vm == "*").ToList();
            foreach (var fault in taken)
            {
                _faults.Remove(fault);
                if (fault.Count > 1)
                    _faults.Add(fault with { Count = fault.Count - 1 });
            }
            Save();
            return taken;
        }
    }

    private LabOperation Record(string vm, string kind, string? image)
    {
        var operation = new LabOperation(
            "op-" + RandomNumberGenerator.GetHexString(12, lowercase: true), vm, kind, image, LabOperationState.Pending, "accepted", null, _time.GetUtcNow(), null);
        _operations.Add(operation);
        if (_operations.Count > OperationsKept)
            _operations.RemoveAt(_operations.FindIndex(old => old.Finished));
        Save();
        return operation;
    }

    private void Replace(string id, Func<LabOperation, LabOperation> change)
    {
        var index = _operations.FindLastIndex(operation => operation.Id == id);
        _operations[index] = change(_operations[index]);
    }

    private LabOperation? Unfinished(string vm) => _operations.FindLast(operation => operation.Vm == vm && !operation.Finished);

    private LabVm Shown(LabVm vm) => Unfinished(vm.Name) is null ? vm : vm with { Power = LabPower.Changing };

    private LabOperation Interrupted(LabOperation operation) => operation.Finished
        ? operation
        : operation with { State = LabOperationState.Failed, Reason = "the lab ended while this went on", FinishedAt = _time.GetUtcNow() };

    private LabException UnknownVm(string name) =>
        new("unknown-vm", 404, $"There is no VM {name}; there are: {string.Join(", ", _vms.Keys)}.", "name one of these");

    private void Save() =>
        new LabState(Subnet, Port, _lastHandle, [.. _vms.Values], _operations, _faults).Write(_file);
}
