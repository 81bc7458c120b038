using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Documents;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Remote;

/// <summary>
/// The journal of a worker elsewhere, read through its API, so that commands show it as they show their own. Nobody writes to
/// it from here: leases and runs are the worker's, and what is asked of a run is asked of the worker.
/// </summary>
internal sealed class RemoteJournal(RemoteServer server) : IRunJournal
{
    private const int PageSize = 200;
    private const int EntriesAtOnce = 1000;

    public Task<IReadOnlyList<RunHead>> RunsAsync(string? fleet, int limit, CancellationToken cancellation) => PagesAsync(fleet, null, limit, cancellation);

    public Task<IReadOnlyList<RunHead>> RunsBeforeAsync(string? fleet, string before, int limit, CancellationToken cancellation) =>
        PagesAsync(fleet, Serving.Api.Paging.Write(before), limit, cancellation);

    public async Task<IReadOnlyList<RunHead>> UnsettledAsync(CancellationToken cancellation) =>
        [.. (await RunsAsync(null, int.MaxValue, cancellation)).Where(head => !head.Finished).Reverse()];

    public async Task<RunHead?> FindAsync(string run, CancellationToken cancellation)
    {
        try
        {
            return await server.GetAsync<RunHead>($"v1/runs/{Uri.EscapeDataString(run)}/head", cancellation);
        }
        catch (RemoteFailure failure) when (failure.Code is "no-such-run" or "not-found")
        {
            return null;
        }
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(string run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var page = await server.GetAsync<JsonObject>(FormattableString.Invariant($"v1/runs/{Uri.EscapeDataString(run)}/events?after={after}&limit={EntriesAtOnce}"), cancellation);
            foreach (var item in page["items"]!.AsArray())
            {
                var entry = Entry(item!);
                after = entry.Sequence;
                yield return entry;
            }

            if (page["next"] is null)
                yield break;
        }
    }

    public async Task<IReadOnlyList<RunRequest>> RequestsAsync(string run, CancellationToken cancellation) => (await StatusAsync(run, cancellation))["requests"].Deserialize<List<RunRequest>>(DocumentJson.Options) ?? [];

    public async Task<Lease?> HolderAsync(string fleet, CancellationToken cancellation)
    {
        if (await RunsAsync(fleet, 1, cancellation) is not [{ Finished: false } head])
            return null;
        var worker = (await StatusAsync(head.Run, cancellation))["worker"];
        return worker is null ? null : new Lease(fleet, (string)worker["name"]!, 0, (DateTimeOffset)worker["leaseUntil"]!);
    }

    public Task SubmitAsync(RunRequest request, CancellationToken cancellation) => throw Elsewhere();

    public Task<Lease> AcquireAsync(string fleet, string worker, TimeSpan duration, CancellationToken cancellation) => throw Elsewhere();

    public Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) => throw Elsewhere();

    public Task ReleaseAsync(Lease lease, CancellationToken cancellation) => throw Elsewhere();

    public Task<Lease> SucceedAsync(Lease lease, string worker, TimeSpan duration, CancellationToken cancellation) => throw Elsewhere();

    public Task CreateAsync(Lease lease, RunHead head, IReadOnlyList<string> claims, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) => throw Elsewhere();

    public Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation) => throw Elsewhere();

    public Task<string?> ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation) => throw Elsewhere();

    /// <summary>Reads an entry as the API writes it.</summary>
    public static JournalEntry Entry(JsonNode item) => new(
        (string)item["run"]!, (long)item["sequence"]!, (DateTimeOffset)item["at"]!, (long)item["epoch"]!, JournalFormat.Read(item["event"]!.ToJsonString()));

    private async Task<JsonObject> StatusAsync(string run, CancellationToken cancellation) => await server.GetAsync<JsonObject>($"v1/runs/{Uri.EscapeDataString(run)}", cancellation);

    private async Task<IReadOnlyList<RunHead>> PagesAsync(string? fleet, string? cursor, int limit, CancellationToken cancellation)
    {
        var heads = new List<RunHead>();
        do
        {
            var page = await server.GetAsync<Serving.Api.Page<RunHead>>(
                FormattableString.Invariant($"v1/runs?limit={Math.Min(PageSize, limit - heads.Count)}{Query("fleet", fleet)}{Query("cursor", cursor)}"), cancellation);
            heads.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null && heads.Count < limit);
        return heads;
    }

    private static string Query(string name, string? value) => value is null ? string.Empty : $"&{name}={Uri.EscapeDataString(value)}";

    private static NotSupportedException Elsewhere() => new("A worker elsewhere writes its journal itself.");
}
