using System.Reflection;
using Microsoft.Data.Sqlite;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;

namespace Refresh.EndToEnd.Tests.Failpoints;

/// <summary>Stands around a port and tells the failpoint what is about to be done, what is about to be committed, and what has been done.</summary>
public class Tripwire : DispatchProxy
{
    private object _port = null!;
    private Failpoint _failpoint = null!;
    private StepNames _names = null!;

    internal static T Around<T>(T port, Failpoint failpoint, StepNames names)
        where T : class
    {
        var around = Create<T, Tripwire>();
        var wire = (Tripwire)(object)around;
        (wire._port, wire._failpoint, wire._names) = (port, failpoint, names);
        return around;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var steps = _names.Of(targetMethod!.Name, args!);
        Reach(steps, "before");
        WatchCommit(steps, args!);
        var result = targetMethod.Invoke(_port, BindingFlags.DoNotWrapExceptions, null, args, null);
        if (steps.Count > 0)
            ((Task)result!).ContinueWith(_ => Reach(steps, "after"), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return result;
    }

    private void Reach(IReadOnlyList<string> steps, string phase)
    {
        foreach (var step in steps)
            _failpoint.Reach($"{step}/{phase}");
    }

    /// <summary>The lease is renewed beside the appends: only the transaction that holds the entries counts.</summary>
    private void WatchCommit(IReadOnlyList<string> steps, object?[] args)
    {
        if (_port is not SqliteRunJournal journal || !steps.Any(step => _failpoint.Is(step + "/commit")))
            return;
        var last = args.OfType<IReadOnlyList<JournalEntry>>().FirstOrDefault()?[^1];
        journal.Database.Committing = connection =>
        {
            if (last is null || IsIn(connection, last))
                Reach(steps, "commit");
        };
    }

    private static bool IsIn(SqliteConnection connection, JournalEntry entry) =>
        connection.Scalar<long>("SELECT count(*) FROM entries WHERE run = @run AND sequence = @sequence", ("@run", entry.Run), ("@sequence", entry.Sequence)) == 1;
}
