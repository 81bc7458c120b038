namespace Refresh.Orchestrator.Journals.Service;

/// <summary>Finds what was asked of a run by its id alone: whoever was lost over it does not know any more of which run it was asked.</summary>
internal sealed class AskedStore(JournalDatabase database)
{
    /// <summary>The run that something was asked of; null when nothing was asked under this id.</summary>
    public Task<string?> RunAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.Scalar<string>("SELECT run FROM requests WHERE id = @id", ("@id", id)), cancellation);
}
