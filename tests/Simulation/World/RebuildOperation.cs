using Refresh.Simulation.Time;
using Refresh.Workflows.Facts;

namespace Refresh.Simulation.World;

/// <summary>A rebuild that the provisioner is at. It may outlive the worker that asked for it.</summary>
internal sealed class RebuildOperation(Process asker)
{
    private readonly TaskCompletionSource<VmFacts> _done = new();

    public Process Asker { get; } = asker;

    /// <summary>It goes no further.</summary>
    public bool Killed { get; set; }

    /// <summary>The provisioner refuses to plan beside it; a cloud that goes on alone does not.</summary>
    public bool Locked { get; set; } = true;

    public Task<VmFacts> Done => _done.Task;

    public void Succeed(VmFacts facts) => _done.TrySetResult(facts);

    public void Fail(Exception why)
    {
        _done.TrySetException(why);
        // Whoever asked may be gone.
        _ = _done.Task.Exception;
    }
}
