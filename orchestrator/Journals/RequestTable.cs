using Microsoft.Data.Sqlite;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Journals;

/// <summary>Requests to runs. A struck request stays, so that its id acts once however late it is delivered again.</summary>
internal static class RequestTable
{
    public static void Submit(SqliteConnection connection, RunRequest request) =>
        connection.Execute(
            "INSERT INTO requests (id, run, kind, asked_by, why, at, asked_from) VALUES (@id, @run, @kind, @by, @why, @at, @from) ON CONFLICT (id) DO NOTHING",
            ("@id", request.Id), ("@run", request.Run), ("@kind", request.Kind.ToString()), ("@by", request.By), ("@why", request.Why), ("@at", Instant.Write(request.At)), ("@from", (object?)request.From ?? DBNull.Value));

    /// <summary>Strikes requests of a run.</summary>
    /// <param name="connection">The connection, in a transaction.</param>
    /// <param name="run">The run.</param>
    /// <param name="ids">The requests; an unknown id is passed over.</param>
    /// <param name="sequence">The entry that answers them.</param>
    public static void Strike(SqliteConnection connection, string run, IEnumerable<string> ids, long sequence)
    {
        foreach (var id in ids)
            connection.Execute("UPDATE requests SET answered = @sequence WHERE id = @id AND run = @run AND answered IS NULL", ("@sequence", sequence), ("@id", id), ("@run", run));
    }

    public static List<RunRequest> Waiting(SqliteConnection connection, string run) =>
        connection.Query(
            "SELECT id, kind, asked_by, why, at, asked_from FROM requests WHERE run = @run AND answered IS NULL ORDER BY place",
            row => new RunRequest(row.GetString(0), run, Enum.Parse<RequestKind>(row.GetString(1)), row.GetString(2), row.GetString(3), Instant.Read(row.GetString(4)), row.IsDBNull(5) ? null : row.GetString(5)),
            ("@run", run));
}
