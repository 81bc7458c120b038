using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine;

/// <summary>A run in short, for lists.</summary>
internal static class RunHeads
{
    public static RunHead Of(Run run, long sequence) =>
        new(run.Id, run.Fleet.Name, run.Image.Ref.Label, run.State.ToString(), run.Finished, sequence, run.StartedAt, run.UpdatedAt);
}
