using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>Tells a pause of the service's own, which ends when it is back, from a person's.</summary>
internal static class Restarts
{
    /// <summary>Whether a run is paused only because the service stopped.</summary>
    public static bool PausedByService(Run run, IReadOnlyList<JournalEntry> entries) =>
        run.State == RunState.Paused
        && entries.Select(entry => entry.Event).OfType<RequestAnswered>().LastOrDefault(answer => answer.Refusal is null) is { Request: { Kind: RequestKind.Pause, By: FleetDesk.Service } };
}
