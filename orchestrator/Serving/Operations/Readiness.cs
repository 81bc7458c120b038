using System.Collections.Concurrent;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Operations;

/// <summary>Whether the service can do its work: the journal can be written, and the fleets' balancers answer. Looked at anew every few seconds, however often it is asked.</summary>
internal sealed class Readiness(SqliteRunJournal journal, RunsWorker worker, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private const int AtOnce = 16;
    private readonly SemaphoreSlim _one = new(1, 1);
    private ReadinessDocument? _last;
    private DateTimeOffset _at;

    /// <summary>Looks.</summary>
    public async Task<ReadinessDocument> LookAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_last is null || clock.GetUtcNow() - _at > s_keep || worker.Stopping)
                (_last, _at) = (await LookNowAsync(cancellation), clock.GetUtcNow());
            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<ReadinessDocument> LookNowAsync(CancellationToken cancellation)
    {
        var wrong = new ConcurrentBag<NotReady>();
        var desks = worker.Desks.ToList();
        var writable = await WritableAsync(wrong, cancellation);
        await Parallel.ForEachAsync(desks, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (desk, token) => await BalancerAsync(desk, wrong, token));
        if (worker.Stopping)
            wrong.Add(new NotReady("service", null, "it is stopping"));
        // One fleet's balancer is that fleet's trouble; none at all is the service's.
        var reachable = desks.Count == 0 || desks.Exists(desk => wrong.All(one => one.Fleet != desk.Name));
        return new ReadinessDocument(writable && reachable && !worker.Stopping, [.. wrong.OrderBy(one => one.Part, StringComparer.Ordinal).ThenBy(one => one.Fleet, StringComparer.Ordinal)]);
    }

    private async Task<bool> WritableAsync(ConcurrentBag<NotReady> wrong, CancellationToken cancellation)
    {
        try
        {
            // To get the right to write is to be able to: SQLite takes it on the file itself.
            await journal.Database.WriteAsync(_ => { }, cancellation);
            return true;
        }
        catch (JournalException fault)
        {
            wrong.Add(new NotReady("journal", null, fault.Message));
            return false;
        }
    }

    private async Task BalancerAsync(FleetDesk desk, ConcurrentBag<NotReady> wrong, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = clock.CreateTimer(_ => bound.Cancel(), null, s_patience, Timeout.InfiniteTimeSpan);
        try
        {
            var obstacles = await desk.UseAsync((definition, ports) => ports.Balancer.CheckAsync([.. definition.Fleet.Members()], bound.Token), bound.Token);
            foreach (var obstacle in obstacles)
                wrong.Add(new NotReady("balancer", desk.Name, obstacle.Text));
        }
        catch (AdapterException failure)
        {
            wrong.Add(new NotReady("balancer", desk.Name, failure.Reason.Text));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            wrong.Add(new NotReady("balancer", desk.Name, "it does not answer"));
        }
    }
}

/// <summary>What <c>/readyz</c> answers.</summary>
/// <param name="Ready">The service can do its work.</param>
/// <param name="Wrong">What is wrong; one fleet's balancer alone does not make the service unready.</param>
internal sealed record ReadinessDocument(bool Ready, IReadOnlyList<NotReady> Wrong);

/// <summary>Something that is wrong.</summary>
/// <param name="Part"><c>journal</c>, <c>balancer</c> or <c>service</c>.</param>
/// <param name="Fleet">The fleet it concerns.</param>
/// <param name="Text">What was observed.</param>
internal sealed record NotReady(string Part, string? Fleet, string Text);
