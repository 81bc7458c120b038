using System.Runtime.InteropServices;

namespace Refresh.PulumiStandIn.Cli;

/// <summary>SIGINT and SIGTERM: the first lets the running step complete, the second ends everything.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interrupts(bool deaf)
    {
        void Heard(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (deaf)
                return;
            if (_cancel.IsCancellationRequested)
                Environment.Exit(1);
            Console.WriteLine("^C received; cancelling. If you would like to terminate immediately, press ^C again.\nNote that terminating immediately may lead to orphaned resources and other inconsistencies.\n");
            _cancel.Cancel();
        }

        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Heard), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Heard)];
    }

    public CancellationToken Token => _cancel.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _cancel.Dispose();
    }
}
