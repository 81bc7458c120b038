using Refresh.Orchestrator.Composition;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>The adapters of one fleet, shared by its run and by those who look. After the fleet file has changed they are made anew as soon as nobody uses the old ones.</summary>
/// <param name="open">Makes adapters.</param>
/// <param name="clock">The only clock.</param>
internal sealed class AdapterShare(Func<FleetDefinition, CancellationToken, Task<FleetAdapters>> open, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);
    private readonly SemaphoreSlim _one = new(1, 1);
    private FleetAdapters? _adapters;
    private FleetDefinition? _opened;
    private int _users;
    private bool _closed;

    /// <summary>Takes a share.</summary>
    /// <param name="wanted">The fleet file as it is now.</param>
    /// <param name="asItIs">Take the adapters that there are, even if they were made from an older file: something goes on with them.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AdapterException">The adapters cannot be made, or the fleet is served no more.</exception>
    public async Task<Share> TakeAsync(FleetDefinition wanted, bool asItIs, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_closed)
                throw new AdapterException(new Reason("fleet-gone", $"fleet {wanted.Fleet.Name} is served no more", $"{wanted.Path} is back"));
            if (_adapters is null || (!ReferenceEquals(_opened, wanted) && !asItIs))
            {
                await CloseAsync(cancellation);
                _adapters = await open(wanted, cancellation);
                _opened = wanted;
            }

            Interlocked.Increment(ref _users);
            return new Share(this, _opened!, _adapters.Ports);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _one.WaitAsync();
        try
        {
            _closed = true;
            await CloseAsync(CancellationToken.None);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task CloseAsync(CancellationToken cancellation)
    {
        while (Volatile.Read(ref _users) > 0)
            await Task.Delay(s_poll, clock, cancellation);
        if (_adapters is not { } old)
            return;
        (_adapters, _opened) = (null, null);
        await old.DisposeAsync();
    }

    /// <summary>A share of the adapters: they are there until it is given back.</summary>
    internal sealed class Share(AdapterShare owner, FleetDefinition definition, RunPorts ports) : IDisposable
    {
        private int _given;

        public FleetDefinition Definition => definition;

        public RunPorts Ports => ports;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
                Interlocked.Decrement(ref owner._users);
        }
    }
}
