using System.Runtime.InteropServices;

namespace Refresh.Lab.Commands;

/// <summary>SIGTERM and Ctrl-C as a cancellation, so that a process ends in its own order.</summary>
internal sealed class Termination : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly IReadOnlyList<PosixSignalRegistration> _registrations;

    public Termination(CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop), PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop)];
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
