using System.Globalization;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>
/// Bounds how many engines run at once, by count and by memory, whichever fleets they are for. Who asked first is served first;
/// since a stack asks for one at a time, the pairs of all fleets take turns. Each asks within its own fleet's bounds, and all that
/// run count. One may always run, else nothing would ever free memory.
/// </summary>
internal sealed class EngineBudget(Func<long?> freeMiB, TimeProvider clock)
{
    /// <summary>What one engine takes with its language host and providers (reference: pulumi-cli, section 6).</summary>
    public const int EngineMiB = 300;

    // Until then an engine has not taken all of its memory yet, and what is free says too much.
    private static readonly TimeSpan s_growing = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly List<long> _begun = [];
    private int _running;

    /// <summary>Memory that is free on this machine in MiB, as the kernel estimates it; null where it does not.</summary>
    public static long? FreeMiB() =>
        File.Exists("/proc/meminfo") && File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.AsSpan(13).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) / 1024
            : null;

    /// <summary>Waits for a place; it is given back by disposing of it.</summary>
    /// <param name="most">How many may run with this one.</param>
    /// <param name="memoryMiB">How much memory all that run may take; null for what is free on this machine.</param>
    /// <param name="waiting">Is told when there is no place yet.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IDisposable> EnterAsync(int most, int? memoryMiB, Action<string> waiting, CancellationToken cancellation)
    {
        var waiter = new Waiter(most, memoryMiB, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        LinkedListNode<Waiter>? place = null;
        lock (_lock)
        {
            if (_waiting.Count == 0 && HasRoom(waiter))
                Begin();
            else
                place = _waiting.AddLast(waiter);
        }

        if (place is null)
            return new Place(this);
        waiting($"waiting for a place among {most} runs of pulumi");
        try
        {
            await place.Value.Called.Task.WaitAsync(cancellation);
            return new Place(this);
        }
        catch (OperationCanceledException)
        {
            Withdraw(place);
            throw;
        }
    }

    private void Withdraw(LinkedListNode<Waiter> place)
    {
        lock (_lock)
        {
            if (!place.Value.Called.Task.IsCompletedSuccessfully)
            {
                _waiting.Remove(place);
                Call();
                return;
            }
        }

        Leave();
    }

    private void Leave()
    {
        lock (_lock)
        {
            _running--;
            Call();
        }
    }

    private void Call()
    {
        while (_waiting.First is { } next && HasRoom(next.Value))
        {
            _waiting.RemoveFirst();
            Begin();
            next.Value.Called.SetResult();
        }
    }

    private void Begin()
    {
        _running++;
        _begun.Add(clock.GetTimestamp());
    }

    private bool HasRoom(Waiter next)
    {
        if (_running == 0)
            return true;
        _begun.RemoveAll(begun => clock.GetElapsedTime(begun) > s_growing);
        return _running < next.Most && (next.MemoryMiB is { } budget
            ? (_running + 1) * EngineMiB <= budget
            : freeMiB() is not { } free || (_begun.Count + 1) * EngineMiB <= free);
    }

    private sealed record Waiter(int Most, int? MemoryMiB, TaskCompletionSource Called);

    private sealed class Place(EngineBudget budget) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                budget.Leave();
        }
    }
}
