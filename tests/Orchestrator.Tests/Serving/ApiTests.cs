using System.Net.Sockets;
using System.Text;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

public sealed class ApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_is_let_in_without_a_token_that_holds()
    {
        await using var service = await Service.StartAsync();
        using var nobody = new ApiClient(() => service.Address, null);
        using var liar = new ApiClient(() => service.Address, "rfsh_" + new string('x', 40));
        using var ada = await service.ClientAsync("ada", "viewer");
        (await nobody.GetAsync("/v1/runs")).Refused(401, "token-missing");
        Assert.NotNull((await liar.GetAsync("/v1/runs")).Refused(401, "token-invalid").Header("WWW-Authenticate"));
        Assert.Equal("ada", (await ada.GetAsync("/v1/me")).Is(200).Json.GetProperty("person").GetString());
        var store = (Orchestrator.Journals.Service.TokenStore)service.Provider.GetService(typeof(Orchestrator.Journals.Service.TokenStore))!;
        var token = Assert.Single(await store.ListAsync(Cancellation));
        Assert.DoesNotContain(ada.Token!, token.ToString(), StringComparison.Ordinal);
        Assert.True(await store.RevokeAsync(token.Id, "test", DateTimeOffset.UtcNow, Cancellation));
        (await ada.GetAsync("/v1/runs")).Refused(401, "token-invalid");
    }

    [Fact]
    public async Task A_role_is_for_its_fleet_and_a_fleet_that_may_not_be_seen_is_not_there()
    {
        await using var service = await Service.StartAsync();
        using var ada = await service.ClientAsync("ada", "operator@other");
        (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Refused(404, "no-such-fleet");
        (await ada.GetAsync("/v1/fleets/lab")).Refused(404, "no-such-fleet");
        (await ada.GetAsync("/v1/acts")).Refused(403, "role-missing");
        (await ada.GetAsync("/v1/tokens")).Refused(403, "role-missing");
    }

    [Fact]
    public async Task What_is_no_request_is_refused_with_a_code_and_nothing_happens()
    {
        await using var service = await Service.StartAsync(("limits:bodyBytes", "2048"));
        using var ada = await service.ClientAsync("ada", "admin");
        async Task<Reply> Post(HttpContent content, string key = "k") => await ada.SendAsync(HttpMethod.Post, "/v1/runs", content, ("Idempotency-Key", key));
        (await Post(ApiClient.Json("{\"fleet\":"))).Refused(400, "invalid-request");
        (await Post(ApiClient.Json("{}"))).Refused(400, "invalid-request");
        (await Post(ApiClient.Json("[]"))).Refused(400, "invalid-request");
        (await Post(ApiClient.Json("null"))).Refused(400, "invalid-request");
        (await Post(ApiClient.Json("{\"fleet\":\"lab\",\"flete\":1}"))).Refused(400, "invalid-request");
        (await Post(ApiClient.Json("{\"fleet\":\"lab\",\"fleet\":\"web\"}"))).Refused(400, "invalid-request");
        (await Post(ApiClient.Json("{\"fleet\":\"lab\",\"ifBusy\":7}"))).Refused(400, "invalid-request");
        (await Post(new ByteArrayContent([.. "{\"fleet\":\""u8, 0xC3, 0x28, .. "\"}"u8]) { Headers = { { "Content-Type", "application/json" } } })).Refused(400, "invalid-request");
        (await Post(new StringContent("fleet=lab", Encoding.UTF8, "application/x-www-form-urlencoded"))).Refused(415, "not-json");
        (await Post(ApiClient.Json($"{{\"fleet\":\"{new string('x', 4000)}\"}}"))).Refused(413, "body-too-large");
        (await ada.SendAsync(HttpMethod.Post, "/v1/runs", ApiClient.Json("{\"fleet\":\"lab\"}"))).Refused(400, "idempotency-key-missing");
        (await Post(ApiClient.Json("{\"fleet\":\"lab\"}"), new string('k', 300))).Refused(400, "idempotency-key-missing");
        (await ada.GetAsync("/v1/nowhere")).Refused(404, "not-found");
        (await ada.SendAsync(HttpMethod.Delete, "/v1/runs", null)).Refused(405, "method-not-allowed");
        (await ada.GetAsync("/v1/runs?limit=0")).Refused(400, "invalid-request");
        (await ada.GetAsync("/v1/runs?cursor=%ff%fe")).Refused(400, "cursor-invalid");
        Assert.Empty((await ada.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_head_that_does_not_end_is_cut_off()
    {
        await using var service = await Service.StartAsync(("limits:headersWithin", "300ms"));
        using var socket = new TcpClient();
        await socket.ConnectAsync(service.Address.Host, service.Address.Port, Cancellation);
        var stream = socket.GetStream();
        await stream.WriteAsync("GET /v1/runs HTTP/1.1\r\nHost: x\r\n"u8.ToArray(), Cancellation);
        using var reader = new StreamReader(stream);
        Assert.Contains("408", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_again()
    {
        await using var service = await Service.StartAsync(("limits:requestsPerMinute", "5"));
        using var ada = await service.ClientAsync("ada", "viewer");
        using var grace = await service.ClientAsync("grace", "viewer");
        for (var i = 0; i < 5; i++)
            (await ada.GetAsync("/v1/runs")).Is(200);
        Assert.NotNull((await ada.GetAsync("/v1/runs")).Refused(429, "rate-limited").Header("Retry-After"));
        (await grace.GetAsync("/v1/runs")).Is(200);
        (await ada.GetAsync("/livez")).Is(200);
    }

    [Fact]
    public async Task The_same_key_gets_the_same_answer_also_after_a_restart_and_acts_once()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "admin");
        var first = (await ada.PostAsync("/v1/runs", new { fleet = "lab" }, "key-1")).Is(201);
        var again = (await ada.PostAsync("/v1/runs", new { fleet = "lab" }, "key-1")).Is(201);
        Assert.Equal(("true", first.Body, first.Header("Location")), (again.Header("Idempotency-Replayed"), again.Body, again.Header("Location")));
        (await ada.PostAsync("/v1/runs", new { fleet = "other" }, "key-1")).Refused(422, "idempotency-key-reused");
        (await ada.PostAsync("/v1/plans", new { fleet = "lab" }, "key-1")).Refused(422, "idempotency-key-reused");

        await served.Service.StopAsync();
        await served.Service.StartAsync();
        Assert.Equal(first.Body, (await ada.PostAsync("/v1/runs", new { fleet = "lab" }, "key-1")).Is(201).Body);
        Assert.Single((await ada.GetAsync("/v1/runs")).Json.GetProperty("items").EnumerateArray());

        using var grace = await served.Service.ClientAsync("grace", "admin");
        (await grace.PostAsync("/v1/runs", new { fleet = "lab" }, "key-1")).Refused(409, "fleet-has-run");
        var acts = (await ada.GetAsync("/v1/acts")).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([("grace", 409), ("ada", 201)], acts.Select(act => (act.GetProperty("person").GetString(), act.GetProperty("status").GetInt32())));
        Assert.All(acts, act => Assert.Equal("127.0.0.1", act.GetProperty("origin").GetString()));
    }

    [Fact]
    public async Task A_key_that_is_not_answered_yet_is_in_flight_and_one_of_a_lost_worker_is_taken_over_with_its_subject()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "admin");
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ada.PostAsync("/v1/runs", new { fleet = "lab" }, "key-1")));
        Assert.Single(replies, reply => reply.Status == 201 && reply.Header("Idempotency-Replayed") is null);
        Assert.All(replies.Where(reply => reply.Status != 201), reply => reply.Refused(409, "idempotency-key-in-flight"));

        // The answer is lost with its worker, after its run had begun.
        await served.Service.StopAsync();
        Assert.Equal(1, await served.Service.ExecuteAsync("UPDATE answers SET status = NULL, body = NULL, location = NULL"));
        await served.Service.StartAsync();
        await LabFixture.UntilAsync(async () => (await ada.PostAsync("/v1/runs", new { fleet = "lab" }, "key-1")).Status == 201);
        Assert.Equal(Run(replies.Single(reply => reply.Status == 201 && reply.Header("Idempotency-Replayed") is null)), Run((await ada.PostAsync("/v1/runs", new { fleet = "lab" }, "key-1")).Is(201)));

        static string? Run(Reply reply) => reply.Json.GetProperty("run").GetString();
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "admin");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString();
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "AwaitingApproval");
        foreach (var path in new[] { "/v1/fleets/lab", "/v1/fleets/lab/pairs", $"/v1/runs/{run}", $"/v1/runs/{run}/plan", $"/v1/runs/{run}/evidence", $"/v1/runs/{run}/events", "/v1/runs" })
        {
            var tag = (await ada.GetAsync(path)).Is(200).Header("ETag")!;
            var same = (await ada.GetAsync(path, ("If-None-Match", tag))).Is(304);
            Assert.Empty(same.Body);
            Assert.Equal(tag, same.Header("ETag"));
        }

        var before = (await ada.GetAsync($"/v1/runs/{run}")).Header("ETag")!;
        (await ada.PostAsync($"/v1/runs/{run}/cancel")).Is(200);
        (await ada.GetAsync($"/v1/runs/{run}", ("If-None-Match", before))).Is(200);
        var ended = (await ada.GetAsync($"/v1/runs/{run}")).Header("ETag")!;
        await CatalogueImages.RevokeAsync(new ImageSettings(served.Lab.Facts.Images), "1.1.0", "a hole");
        Assert.Contains("a hole", (await ada.GetAsync($"/v1/runs/{run}", ("If-None-Match", ended))).Is(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "admin");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString()!;
        var (ofRuns, ofEvents, ofNone) = (Paging.Write(run), Paging.Write("1"), Paging.Write("nosuchrun"));
        (await ada.GetAsync($"/v1/runs?cursor={ofRuns}")).Is(200);
        (await ada.GetAsync($"/v1/runs/{run}/events?cursor={ofEvents}")).Is(200);
        foreach (var path in new[] { $"/v1/runs?cursor={ofNone}", $"/v1/runs?cursor={ofEvents}", $"/v1/runs/{run}/events?cursor={ofRuns}", $"/v1/acts?cursor={ofRuns}", "/v1/runs?cursor=x" })
            (await ada.GetAsync(path)).Refused(400, "cursor-invalid");
        (await ada.GetAsync($"/v1/runs/{run}/events?after=x")).Refused(400, "invalid-request");
    }

    [Fact]
    public async Task What_can_be_got_can_be_asked_for_its_head()
    {
        await using var service = await Service.StartAsync();
        using var ada = await service.ClientAsync("ada", "admin");
        foreach (var path in new[] { "/livez", "/readyz", "/metrics", "/v1/runs", "/v1/fleets/none", Description.Path })
        {
            var (got, head) = (await ada.GetAsync(path), await ada.SendAsync(HttpMethod.Head, path, null, ("Accept", "text/event-stream")));
            Assert.Equal((got.Status, got.Header("Content-Type"), string.Empty), (head.Status, head.Header("Content-Type"), head.Body));
        }

        Assert.Equal(405, (await ada.SendAsync(HttpMethod.Head, "/v1/plans", null)).Status);
    }

    [Fact]
    public async Task An_admin_of_one_fleet_sees_the_acts_on_it_and_the_tokens_for_it()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "admin");
        using var grace = await served.Service.ClientAsync("grace", "admin@lab", "viewer@other");
        using var vic = await served.Service.ClientAsync("vic", "viewer");
        (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201);
        (await ada.PostAsync("/v1/runs", new { fleet = "none" })).Refused(404, "no-such-fleet");
        Assert.Equal(2, (await ada.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items").GetArrayLength());
        Assert.Equal("lab", Assert.Single((await grace.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items").EnumerateArray()).GetProperty("fleet").GetString());
        var token = Assert.Single((await grace.GetAsync("/v1/tokens")).Is(200).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("grace", "[\"admin@lab\"]"), (token.GetProperty("person").GetString(), token.GetProperty("roles").GetRawText()));
        (await vic.GetAsync("/v1/acts")).Refused(403, "role-missing");
        (await vic.GetAsync("/v1/tokens")).Refused(403, "role-missing");
    }

    [Fact]
    public async Task The_description_is_the_one_in_the_documentation()
    {
        await using var service = await Service.StartAsync();
        using var nobody = new ApiClient(() => service.Address, null);
        var served = (await nobody.GetAsync(Description.Path)).Is(200).Body.ReplaceLineEndings("\n").TrimEnd() + "\n";
        await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, "openapi.received.json"), served, Cancellation);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Docs, "openapi.json"), Cancellation), served);
        Assert.Contains("scalar", (await nobody.GetAsync("/scalar/")).Is(200).Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_table_of_problems_in_the_documentation_is_the_one_that_is_used()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Docs, "api.md"), Cancellation);
        var told = System.Text.RegularExpressions.Regex.Matches(page, @"^\| `([a-z-]+)` \| (\d{3}) \| (.+) \|$", System.Text.RegularExpressions.RegexOptions.Multiline).Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value));
        Assert.Equal(ProblemCode.All.Select(code => (code.Code, FormattableString.Invariant($"{code.Status}"), code.Title)), told);
    }
}
