using System.Net;
using System.Net.Sockets;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Probes;

public sealed class TcpProbeTests : HealthProbeCompliance
{
    protected override string HealthyWords => ": connection accepted";

    protected override string SickWords => "connection refused";

    protected override IHealthProbe Probe(TimeSpan timeout) => new TcpProbe(new TcpProbeSettings(null, timeout), TimeProvider.System);

    protected override Task<Member> HealthyAsync() => Task.FromResult(Keep(RawServer.Answering("")).Member);

    // A connection is all that is asked for, so a sick member is one that takes none.
    protected override Task<Member> SickAsync() => AbsentAsync();

    protected override Task<Member> HangingAsync() => Task.FromResult(Keep(new FullBacklog()).Member);

    /// <summary>A listener that accepts nobody and has no room for one more.</summary>
    private sealed class FullBacklog : IAsyncDisposable
    {
        private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> waiting = [];

        public FullBacklog()
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(0);
            for (var i = 0; i < 8; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                waiting.Add(socket);
                _ = socket.ConnectAsync(listener.LocalEndPoint!).ContinueWith(connect => connect.Exception, TaskScheduler.Default);
            }
        }

        public Member Member => Members.At(((IPEndPoint)listener.LocalEndPoint!).Port);

        public ValueTask DisposeAsync()
        {
            waiting.ForEach(socket => socket.Dispose());
            listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
