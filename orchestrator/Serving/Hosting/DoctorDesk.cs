using Refresh.Orchestrator.Application.Doctor;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>Looks at everything that a run of a fleet needs, as this service sees it: its files, its journal, its clock, through its own adapters.</summary>
internal sealed class DoctorDesk(RunsWorker worker, SqliteRunJournal journal, WorkerOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>An examination reads the whole journal and asks every member: so many go on at once, and others wait.</summary>
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce, AtOnce);

    /// <summary>Examines a fleet.</summary>
    /// <param name="fleet">The fleet's name.</param>
    /// <param name="image">Another image than the fleet file's; null for that one.</param>
    /// <param name="timeout">How long each check may take.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <exception cref="Api.Problem">There is no such fleet.</exception>
    public async Task<DoctorDocument> ExamineAsync(string fleet, ImageChoice? image, TimeSpan timeout, CancellationToken cancellation)
    {
        var desk = worker.Desk(fleet);
        await _turns.WaitAsync(cancellation);
        try
        {
            var found = await new Checkup(timeout, clock).MakeAsync(
                FleetFileChecked.Of(desk.Source.File, desk.Definition, desk.Source.Mistakes),
                image,
                _ => Task.FromResult(journal),
                (_, look) => desk.UseAsync((definition, ports) => look(definition, ports, []), cancellation),
                cancellation);
            return desk.Blocked is not { } blocked ? found with { Worker = options.Worker }
                : found with { Worker = options.Worker, Ok = false, Findings = [.. found.Findings, Finding.Wrong("runs", blocked)] };
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
