using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Refresh.Benchmarks.Engine;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Benchmarks.Serving;

/// <summary>The service with 1,000 fleets and a run of each: requests per second and memory of /v1/runs and of a webhook, and 1,000 event streams on one run.</summary>
internal static class ServeSuite
{
    private const int Fleets = 1000;
    private const int Callers = 16;
    private const int Readers = 1000;
    private const int Entries = 200;
    private static readonly TimeSpan s_span = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(string[] args)
    {
        using var folder = new TemporaryFolder();
        var fleets = Directory.CreateDirectory(folder.File("fleets")).FullName;
        await using var journal = await SqliteRunJournal.OpenAsync(folder.File("journal.db"), TimeProvider.System, CancellationToken.None);
        await FillAsync(journal);
        for (var number = 0; number < Fleets; number++)
            await File.WriteAllTextAsync(Path.Combine(fleets, $"fleet-{number}.yaml"), FleetText(number, folder.File("images")));
        var (settings, _) = ServeSettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["fleets"] = fleets,
            ["listen"] = "http://127.0.0.1:0",
            ["limits:requestsPerMinute"] = "1000000",
            ["log:level"] = "Error",
            ["webhooks:bus:vendor"] = "standard",
            ["webhooks:bus:key"] = HookCallers.Key,
            ["webhooks:bus:roles"] = "viewer",
        }).Build());
        var redaction = new Redaction();
        var (secrets, _) = await SecretStore.OpenAsync(settings!, redaction, CancellationToken.None);
        var id = 0;
        await using var app = ServeHost.Build(new ServeParts(
            settings!, secrets, redaction, journal, new WorkerOptions { Worker = "benchmark" }, TimeProvider.System, () => $"id{Interlocked.Increment(ref id)}", ServeLog.Create(settings!, redaction, folder.File("log"))));
        await app.StartAsync();
        var tokens = new TokenDesk(new TokenStore(journal.Database), TimeProvider.System, () => "token", NullLogger<TokenDesk>.Instance);
        var (token, _) = await tokens.CreateAsync("bench", Grants.Parse("admin"), string.Empty, null, "bench", CancellationToken.None);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = int.MaxValue }) { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Say($"Load average before: {await File.ReadAllTextAsync("/proc/loadavg")}");
        Say($"{Fleets} fleets served, nobody asking: {Memory():0} MiB");
        await RequestsAsync($"/v1/runs, 50 of {Fleets} runs a page", () => http.GetStringAsync("/v1/runs"));
        var hooks = new HookCallers(http);
        await RequestsAsync("POST /hooks/bus, signed, status of one fleet", () => hooks.AskAsync(number => $"status fleet-{number % Fleets}"));
        await StreamsAsync(http, journal);
        await app.StopAsync();
    }

    private static async Task FillAsync(SqliteRunJournal journal)
    {
        for (var number = 0; number < Fleets; number++)
        {
            var planned = InstantFleet.Plan($"run-{number}", 1);
            planned = planned with { Fleet = planned.Fleet with { Name = $"fleet-{number}" } };
            var lease = await journal.AcquireAsync(planned.Fleet.Name, "bench", TimeSpan.FromHours(1), CancellationToken.None);
            var run = RunFold.Begin(planned, TimeProvider.System.GetUtcNow());
            await journal.CreateAsync(lease, RunHeads.Of(run, 1), [], [new JournalEntry(run.Id, 1, run.StartedAt, lease.Epoch, planned)], CancellationToken.None);
        }
    }

    private static async Task RequestsAsync(string what, Func<Task> ask)
    {
        for (var warm = 0; warm < 50; warm++)
            await ask();
        var took = new System.Collections.Concurrent.ConcurrentBag<double>();
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(began) < s_span)
            {
                var asked = Stopwatch.GetTimestamp();
                await ask();
                took.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var sorted = took.Order().ToList();
        Say($"{what}, {Callers} callers: {sorted.Count / seconds:0} requests/s, p50 {sorted[sorted.Count / 2]:0.0} ms, p99 {sorted[sorted.Count * 99 / 100]:0.0} ms, {Memory():0} MiB");
    }

    private static async Task StreamsAsync(HttpClient http, SqliteRunJournal journal)
    {
        var run = (await journal.FindAsync("run-0", CancellationToken.None))!;
        var state = (await RunHistory.ReadAsync(journal, run.Run, CancellationToken.None)).Run;
        var before = Memory();
        var joined = 0;
        var readers = Enumerable.Range(0, Readers).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/runs/{run.Run}/events");
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            for (var seen = 0; seen < Entries + 1;)
            {
                if ((await reader.ReadLineAsync())?.StartsWith("id:", StringComparison.Ordinal) == true && ++seen == 1)
                    Interlocked.Increment(ref joined);
            }

            return Stopwatch.GetTimestamp();
        }).ToList();
        while (Volatile.Read(ref joined) < Readers)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        var during = Memory();
        // The same lease as when the run was made: its epoch is the first.
        var lease = new Lease(run.Fleet, "bench", 1, DateTimeOffset.MaxValue);
        var began = Stopwatch.GetTimestamp();
        for (var sequence = 1; sequence <= Entries; sequence++)
        {
            var entry = new JournalEntry(run.Run, sequence + 1, TimeProvider.System.GetUtcNow(), 1, new TakenOver("bench"));
            await journal.AppendAsync(lease, RunHeads.Of(state, sequence + 1), sequence, [entry], [], CancellationToken.None);
        }

        var written = Stopwatch.GetTimestamp();
        var ends = await Task.WhenAll(readers);
        Say($"{Readers} event streams on one run: {Entries} entries to each, {Entries * Readers / Stopwatch.GetElapsedTime(began, ends.Max()).TotalSeconds:0} events/s, the last reader {Stopwatch.GetElapsedTime(written, ends.Max()).TotalMilliseconds:0} ms after the last append, {(during - before) * 1024 / Readers:0} KiB a stream (both ends)");
    }

    private static string FleetText(int number, string images) => $$"""
        apiVersion: refresh/v1
        kind: Fleet
        name: fleet-{{number}}
        image: web@2
        images: {{images}}
        balancer:
          haproxy: { sockets: ["unix:/nowhere/admin.sock"], backend: web }
        probes:
          - http: { path: /health }
        provisioner:
          lab: { url: "http://127.0.0.1:9" }
        pairs:
          - name: web-1
            members:
              - { name: a, address: "127.{{1 + number / 250}}.{{number % 250}}.1:80", server: a, vm: a }
              - { name: b, address: "127.{{1 + number / 250}}.{{number % 250}}.2:80", server: b, vm: b }

        """;

    private static double Memory()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1048576.0;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
