using System.Diagnostics;
using System.Globalization;
using Refresh.Lab.Balancer;
using Refresh.Orchestrator.Tests.Lab;

namespace Refresh.EndToEnd.Tests.Stage;

/// <summary>A lab's HAProxy that was killed, and another one from the same configuration: it knows nothing of who was drained.</summary>
internal sealed class RestartedBalancer : IDisposable
{
    private readonly Process _process;

    private RestartedBalancer(Process process) => _process = process;

    public static async Task<RestartedBalancer> RestartAsync(LabStage stage, Attendance attendance, int node = 0)
    {
        await KillAsync(attendance);
        return await StartAsync(stage, attendance, node);
    }

    /// <summary>Kills the balancer that an attendance is at.</summary>
    public static async Task KillAsync(Attendance attendance)
    {
        var info = await attendance.Rotation.TellAsync("show info");
        var pid = info.Split('\n').Single(line => line.StartsWith("Pid: ", StringComparison.Ordinal))["Pid: ".Length..];
        using var old = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
        old.Kill();
    }

    /// <summary>Starts another one in its place.</summary>
    public static async Task<RestartedBalancer> StartAsync(LabStage stage, Attendance attendance, int node)
    {
        var started = new RestartedBalancer(Process.Start(HAProxyNode.FindProgram()!, ["-db", "-q", "-f", stage.Lab.Facts.Balancers[node].Config]));
        await LabFixture.UntilAsync(async () =>
        {
            try
            {
                return (await attendance.Rotation.NowAsync()).Status.Count > 0;
            }
            catch (IOException)
            {
                return false;
            }
        });
        return started;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
