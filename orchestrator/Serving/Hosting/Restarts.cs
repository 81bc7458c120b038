using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>Tells a pause of the service's own, which ends when it is back, from a person's.</summary>
internal static class Restarts
{
    /// <summary>Whether a run is paused only because the service stopped.</summary>
    public static bool PausedByService(Run run) => run is { State: RunState.Paused, PausedBy: FleetDesk.Service };
}
