using System.Collections.Concurrent;
using Refresh.Lab.Client;
using Refresh.Lab.Guests;

namespace Refresh.Lab.Cloud;

/// <summary>The guests that run, by the name of their VM.</summary>
internal sealed class GuestRoom(LabBook book, LabOptions options, LabExecutable executable, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (GuestProcess Process, GuestBehaviour Behaviour)> _guests = new(StringComparer.Ordinal);

    public void Boot(string name, TimeSpan delay, IEnumerable<LabFault> faults)
    {
        var vm = book.Get(name);
        var behaviour = faults.Aggregate(new GuestBehaviour((int)delay.TotalMilliseconds), Faults.With);
        var guest = GuestProcess.Start(executable, options.Disk(name), vm.Host, vm.Port, behaviour);
        _guests[name] = (guest, behaviour);
        book.Change(name, found => found with { Power = LabPower.On, Pid = guest.Pid, Detail = "booted" });
        _ = WatchAsync(name, guest);
    }

    public async Task StopAsync(string name)
    {
        if (_guests.TryRemove(name, out var guest))
            await guest.Process.StopAsync(options.StopBound, time);
    }

    public async Task CrashAsync(string name)
    {
        if (_guests.TryRemove(name, out var guest))
            await guest.Process.KillAsync();
    }

    public Task StopAllAsync() => Task.WhenAll(_guests.Keys.Select(StopAsync));

    /// <summary>Lets a fault befall a guest that runs.</summary>
    public void Befall(LabFault fault)
    {
        foreach (var (name, guest) in Named(fault.Vm))
            Become(name, guest.Behaviour.With(fault));
    }

    /// <summary>Frees guests that run from their faults.</summary>
    public void Heal(string vm)
    {
        foreach (var (name, guest) in Named(vm))
            Become(name, new GuestBehaviour(guest.Behaviour.BootDelayMs));
    }

    private IEnumerable<KeyValuePair<string, (GuestProcess Process, GuestBehaviour Behaviour)>> Named(string vm) =>
        _guests.Where(guest => vm == "*" || guest.Key == vm);

    private void Become(string name, GuestBehaviour behaviour)
    {
        var process = _guests[name].Process;
        _guests[name] = (process, behaviour);
        process.Become(behaviour);
    }

    private async Task WatchAsync(string name, GuestProcess guest)
    {
        var end = await guest.Ended;
        // A guest that was stopped on purpose is out of the room by now; its stopper writes what came of it.
        if (_guests.TryGetValue(name, out var found) && found.Process == guest && _guests.TryRemove(new(name, found)))
            book.Change(name, vm => vm with { Power = LabPower.Off, Pid = null, Detail = end });
    }
}
