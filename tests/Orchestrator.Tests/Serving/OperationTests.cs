using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Serving.Operations;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

public sealed class OperationTests
{
    private const string Planted = "planted-S3cret/with\"quotes";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bad_fleet_file_keeps_the_last_good_one_and_says_so()
    {
        await using var served = await ServedLab.StartAsync();
        using var ada = await served.Service.ClientAsync("ada", "admin");
        await served.WriteAsync(served.Fleet("four-eyes").Replace("soak:", "soka:", StringComparison.Ordinal));
        var fleet = await ada.UntilAsync("/v1/fleets/lab", fleet => fleet.GetProperty("mistakes").GetArrayLength() > 0);
        Assert.Equal("none", fleet.GetProperty("approval").GetString());
        Assert.Contains("unknown key 'soka'", fleet.GetProperty("mistakes")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("refresh_fleet_files_bad 1", (await ada.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        await served.WriteAsync("nonsense", "other");
        await ada.UntilAsync("/v1/fleets", fleets => fleets.GetProperty("badFiles").GetArrayLength() == 2);
        await served.WriteAsync(served.Fleet("four-eyes"));
        await ada.UntilAsync("/v1/fleets/lab", fleet => fleet.GetProperty("approval").GetString() == "four-eyes" && fleet.GetProperty("mistakes").GetArrayLength() == 0);
        await served.WriteAsync(served.Fleet(), "second");
        await ada.UntilAsync("/v1/fleets", fleets => fleets.GetProperty("badFiles").EnumerateArray().Any(bad => bad.ToString().Contains("is described by", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_is_alive_and_ready_and_counts_what_was_observed()
    {
        await using var served = await ServedLab.StartAsync();
        using var ada = await served.Service.ClientAsync("ada", "operator");
        using var nobody = new ApiClient(() => served.Service.Address, null);
        (await nobody.GetAsync("/livez")).Is(200);
        await nobody.UntilAsync("/readyz", ready => ready.GetProperty("ready").GetBoolean());
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString();
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
        var metrics = (await nobody.GetAsync("/metrics")).Is(200).Body;
        Assert.Contains("refresh_runs_ended_total{fleet=\"lab\",state=\"Succeeded\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("refresh_step_seconds_count{fleet=\"lab\",step=\"Rebuilding\"} 2", metrics, StringComparison.Ordinal);
        Assert.Contains("refresh_fleets 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_not_ready_when_no_balancer_answers()
    {
        await using var served = await ServedLab.StartAsync();
        using var nobody = new ApiClient(() => served.Service.Address, null);
        await served.WriteAsync(served.Fleet().Replace("haproxy-1", "haproxy-none", StringComparison.Ordinal).Replace(served.Lab.Facts.Balancers[0].Socket, "/nowhere/admin.sock", StringComparison.Ordinal));
        Reply reply = null!;
        await LabFixture.UntilAsync(async () => (reply = await nobody.GetAsync("/readyz")).Status == 503);
        Assert.Equal(("balancer", "lab"), (reply.Json.GetProperty("wrong")[0].GetProperty("part").GetString(), reply.Json.GetProperty("wrong")[0].GetProperty("fleet").GetString()));
    }

    [Fact]
    public async Task A_run_is_one_trace_with_a_span_for_each_step()
    {
        await using var collector = await Collector.StartAsync();
        await using var served = await ServedLab.StartAsync(settings: [("telemetry:otlp", collector.Address), ("telemetry:protocol", "http/protobuf")]);
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
        await served.Service.StopAsync();
        var trace = Convert.FromHexString(StepWatch.Trace(run).TraceId.ToHexString());
        Assert.Equal("/v1/traces", Assert.Single(collector.Paths.Distinct()));
        var sent = collector.Sent;
        Assert.True(sent.AsSpan().IndexOf(trace) >= 0);
        foreach (var text in new[] { $"run {run}", "Draining", "Rebuilding", "Verifying", "web-1/a", "web-1/b" })
            Assert.True(sent.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0, text);
    }

    [Fact]
    public async Task What_is_in_a_trace_is_seen_while_the_run_goes_on_and_stays_one_trace_over_a_restart()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == StepWatch.SourceName, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = ended.Enqueue };
        ActivitySource.AddActivityListener(listener);
        await using var served = await ServedLab.StartAsync(pairs: 2, cloneMs: 800);
        using var ada = await served.Service.ClientAsync("ada", "operator");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        List<Activity> Spans() => [.. ended.Where(span => span.TraceId == StepWatch.Trace(run).TraceId)];
        await LabFixture.UntilAsync(() => Task.FromResult(Spans().Exists(span => span.OperationName == "Draining")));
        var begin = Spans()[0];
        Assert.Equal(($"run {run} begins", default(ActivitySpanId)), (begin.OperationName, begin.ParentSpanId));
        Assert.All(Spans()[1..], span => Assert.Equal(begin.SpanId, span.ParentSpanId));

        await served.Service.StopAsync();
        await served.Service.StartAsync();
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
        await LabFixture.UntilAsync(() => Task.FromResult(Spans().Exists(span => span.OperationName == $"run {run}")));
        var again = Assert.Single(Spans(), span => span.OperationName == $"run {run} is taken up");
        Assert.Equal(default, again.ParentSpanId);
        Assert.Equal(again.SpanId, Spans()[^1].ParentSpanId);
        Assert.Equal(4, Spans().Count(span => span.OperationName == "Rebuilding"));
    }

    [Fact]
    public async Task A_secret_is_in_no_log_no_journal_no_answer_and_no_report()
    {
        Environment.SetEnvironmentVariable("REFRESH_TEST_PLANTED", Planted);
        await using var served = await ServedLab.StartAsync("required", settings: [("secrets:planted", "env:REFRESH_TEST_PLANTED"), ("log:level", "Verbose")]);
        using var ada = await served.Service.ClientAsync("ada", "admin");
        (await ada.PostAsync("/v1/runs", new { fleet = Planted })).Refused(404, "no-such-fleet");
        (await ada.PostAsync("/v1/plans", new { fleet = "lab", image = Planted })).Is(404);
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab", why = $"because of {Planted}" })).Is(201).Json.GetProperty("run").GetString();
        (await ada.PostAsync($"/v1/runs/{run}/cancel", new { why = $"and {Planted}" })).Is(200);
        var texts = new List<string>
        {
            (await ada.GetAsync($"/v1/runs/{run}")).Body, (await ada.GetAsync($"/v1/runs/{run}/events")).Body, (await ada.GetAsync($"/v1/runs/{run}/report?format=html")).Body,
            (await ada.GetAsync($"/v1/runs/{run}/report?format=text")).Body, (await ada.GetAsync("/v1/acts")).Body,
        };
        Assert.Contains("[redacted]", texts[1], StringComparison.Ordinal);
        await served.Service.StopAsync();
        texts.Add(await File.ReadAllTextAsync(served.Service.LogPath, Cancellation));
        texts.AddRange(Directory.GetFiles(served.Service.Folder, "journal.db*").Select(path => Encoding.Latin1.GetString(File.ReadAllBytes(path))));
        Assert.All(texts, text => Assert.DoesNotContain("planted-S3cret", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_probe_tells_is_shown_and_traced_without_the_secrets_in_it()
    {
        const string InPath = "planted-S3cret-in-a-path";
        Environment.SetEnvironmentVariable("REFRESH_TEST_PLANTED", Planted);
        Environment.SetEnvironmentVariable("REFRESH_TEST_PLANTED_PATH", InPath);
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == StepWatch.SourceName, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = ended.Enqueue };
        ActivitySource.AddActivityListener(listener);
        await using var served = await ServedLab.StartAsync(cloneMs: 800, settings: [("secrets:planted", "env:REFRESH_TEST_PLANTED"), ("secrets:path", "env:REFRESH_TEST_PLANTED_PATH")]);
        var sick = Path.Combine(served.Service.Folder, "sick");
        var script = Path.Combine(served.Service.Folder, "probe.sh");
        await File.WriteAllTextAsync(script, $"echo \"it is $REFRESH_TEST_PLANTED\" >&2; [ ! -e {sick} ]\n", Cancellation);
        await served.WriteAsync(served.Fleet().Replace("timeout: 40s", "timeout: 2s", StringComparison.Ordinal).Replace("provisioner:", $"  - command: {{ run: [/bin/sh, {script}], timeout: 4s }}\nprovisioner:", StringComparison.Ordinal));
        await served.WriteAsync(served.Fleet(name: "other").Replace(served.Lab.Facts.Balancers[0].Socket, $"/nowhere/{InPath}.sock", StringComparison.Ordinal), "other");
        await served.WriteAsync($"{InPath}: 1\n", "bad");
        using var ada = await served.Service.ClientAsync("ada", "admin");
        await ada.UntilAsync("/v1/fleets/lab/members/web-1/a", member => member.ToString().Contains("it is", StringComparison.Ordinal));
        await ada.UntilAsync("/v1/fleets", fleets => fleets.GetProperty("badFiles").GetArrayLength() == 1);

        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("underWay").GetArrayLength() > 0);
        await File.WriteAllTextAsync(sick, string.Empty, Cancellation);
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Failed");
        await LabFixture.UntilAsync(() => Task.FromResult(ended.Any(span => span.OperationName == $"run {run}")));
        var told = new List<string> { (await ada.PostAsync("/v1/plans", new { fleet = "lab" })).Body, (await ada.PostAsync("/v1/runs", new { fleet = "other" })).Body };
        foreach (var path in new[] { "/v1/fleets/lab/members/web-1/a", "/v1/fleets", "/readyz", $"/v1/runs/{run}", $"/v1/runs/{run}/events", $"/v1/runs/{run}/report" })
            told.Add((await ada.GetAsync(path)).Body);
        told.AddRange(ended.Where(span => span.TraceId == StepWatch.Trace(run).TraceId).Select(span => $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.Tags)}"));
        foreach (var part in new[] { told[1], told[2], told[3], told[4] })
            Assert.Contains("[redacted]", part, StringComparison.Ordinal);
        Assert.Contains(told, text => text.Contains("refresh.why", StringComparison.Ordinal) && text.Contains("[redacted]", StringComparison.Ordinal));
        await served.Service.StopAsync();
        told.AddRange(Directory.GetFiles(served.Service.Folder, "journal.db*").Select(path => Encoding.Latin1.GetString(File.ReadAllBytes(path))));
        Assert.All(told, text => Assert.DoesNotContain("planted-S3cret", text, StringComparison.Ordinal));
    }

    /// <summary>Takes what is sent to a collector of traces.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly MemoryStream _sent = new();

        private Collector()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                lock (_sent)
                {
                    Paths.Add(http.Request.Path);
                    _sent.Write(body.ToArray());
                }
            });
        }

        public List<string> Paths { get; } = [];

        public string Address => _app.Urls.First();

        public byte[] Sent
        {
            get
            {
                lock (_sent)
                    return _sent.ToArray();
            }
        }

        public static async Task<Collector> StartAsync()
        {
            var collector = new Collector();
            await collector._app.StartAsync(Cancellation);
            return collector;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
