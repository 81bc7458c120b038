using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Application;

/// <summary>A run in the hands of this process.</summary>
public sealed class RunSession
{
    private readonly RunWorker _worker;
    private readonly Lease _lease;
    private readonly Stimulus _first;

    internal RunSession(RunWorker worker, Lease lease, Stimulus first)
    {
        _worker = worker;
        _lease = lease;
        _first = first;
    }

    /// <summary>The run as it is in the journal at this moment.</summary>
    public Run Run => _worker.Run;

    /// <summary>Works until the run has ended or is left.</summary>
    /// <param name="now">Leave now: what is under way is ended where it stands, and the run can be resumed.</param>
    /// <returns>The run as it is in the journal.</returns>
    /// <exception cref="JournalException">The journal cannot be written, or another worker owns the fleet now.</exception>
    public Task<Run> WorkAsync(CancellationToken now) => _worker.WorkAsync(_lease, _first, now);

    /// <summary>Asks the run something.</summary>
    /// <param name="request">What.</param>
    public void Ask(RunRequest request) => _worker.Ask(request);

    /// <summary>Has the run go on once it is taken up, unless something else was asked of it meanwhile.</summary>
    /// <param name="resume">The request to resume.</param>
    public void GoOn(RunRequest resume) => _worker.GoOn(resume);

    /// <summary>Stops safely: no further member is begun, what is away comes back, then the run is left paused.</summary>
    /// <param name="pause">The request to pause.</param>
    public void LeaveSafely(RunRequest pause) => _worker.LeaveSafely(pause);

    /// <summary>Leaves as soon as nothing is under way.</summary>
    public void Leave() => _worker.LeaveWhenIdle();
}
