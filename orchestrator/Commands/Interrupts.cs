using System.Runtime.InteropServices;

namespace Refresh.Orchestrator.Commands;

/// <summary>Ctrl-C, SIGTERM and a terminal that is closed: the first asks to stop safely, the second to stop now.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenSource _now = new();
    private readonly Action _safely;
    private readonly Action? _again;
    private int _count;

    /// <summary>Listens.</summary>
    /// <param name="safely">What the first one does.</param>
    /// <param name="again">What each later one does, besides firing <see cref="Now"/>.</param>
    public Interrupts(Action safely, Action? again = null)
    {
        (_safely, _again) = (safely, again);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _signals.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    /// <summary>Fires at the second one.</summary>
    public CancellationToken Now => _now.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _now.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _safely();
            return;
        }

        _now.Cancel();
        _again?.Invoke();
    }
}
