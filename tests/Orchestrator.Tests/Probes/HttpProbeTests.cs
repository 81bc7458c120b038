using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Xunit;

namespace Refresh.Orchestrator.Tests.Probes;

public sealed class HttpProbeTests : HttpProbeCompliance
{
    [Fact]
    public async Task The_detail_names_the_address_that_was_asked_but_not_its_query()
    {
        var member = await HealthyAsync();
        var facts = await AskAsync(member, Settings with { Path = "health?token=secret" });
        Assert.Equal($"GET http://{member.Address}/health: 200", facts);
    }

    [Fact]
    public async Task Another_port_than_the_members_own_is_asked_if_the_settings_say_so()
    {
        var member = await HealthyAsync();
        Assert.EndsWith(": 200", await AskAsync(Members.At(1), Settings with { Port = member.Address.Port }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_path_cannot_lead_to_another_host()
    {
        var member = await HealthyAsync();
        Assert.StartsWith($"GET http://{member.Address}/", await AskAsync(member, Settings with { Path = "//example.org/health" }), StringComparison.Ordinal);
        Assert.StartsWith($"GET http://{member.Address}/", await AskAsync(member, Settings with { Path = "@example.org/health" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_of_the_expected_statuses_is_healthy()
    {
        var member = await SickAsync();
        Assert.EndsWith(": 503", await AskAsync(member, Settings with { Status = [200, 503] }), StringComparison.Ordinal);
        Assert.EndsWith(": 503, expected 200 or 204", await AskAsync(member, Settings with { Status = [200, 204] }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var member = await ServeAsync(context =>
        {
            if (context.Request.Path == "/health")
                context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        Assert.EndsWith(": 302, expected 200", await AskAsync(member, Settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_question_has_a_connection_of_its_own()
    {
        var server = Keep(RawServer.Keeping("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        var probe = new HttpProbe(Settings, TimeProvider.System);
        for (var question = 1; question <= 3; question++)
        {
            Assert.True((await probe.ProbeAsync(server.Member, Cancellation)).Healthy);
            Assert.Equal(question, server.Connections);
        }
    }

    [Fact]
    public async Task The_host_of_the_settings_is_sent_as_the_Host_header()
    {
        var member = await ServeAsync(context => context.Response.WriteAsync(context.Request.Host.Value!));
        Assert.EndsWith(": 200", await AskAsync(member, Settings with { Host = "shop.example:81", BodyContains = "shop.example:81" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_the_expected_text_is_unhealthy_and_quoted_fit_for_a_terminal()
    {
        var member = await ServeAsync(context => context.Response.WriteAsync("database\r\n  \u001b[31mdown"));
        Assert.EndsWith(": the body does not hold 'ready': 'database [31mdown'", await AskAsync(member, Settings with { BodyContains = "ready" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64 * 1024 - 5, true)]
    [InlineData(64 * 1024 - 4, false)]
    public async Task Only_the_first_64_KiB_of_the_body_count(int before, bool healthy)
    {
        var member = await ServeAsync(context => context.Response.WriteAsync(new string('.', before) + "ready"));
        var facts = await new HttpProbe(Settings with { BodyContains = "ready" }, TimeProvider.System).ProbeAsync(member, Cancellation);
        Assert.Equal(healthy, facts.Healthy);
    }

    [Fact]
    public async Task A_body_that_never_ends_is_healthy_once_the_text_was_seen()
    {
        var member = await ServeAsync(async context =>
        {
            await context.Response.WriteAsync("rea", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await context.Response.WriteAsync("dy", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        Assert.EndsWith(": 200", await AskAsync(member, Settings with { BodyContains = "ready" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_never_ends_without_the_text_is_unhealthy_after_the_timeout()
    {
        var member = await ServeAsync(async context =>
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        Assert.EndsWith(": no answer within 0.5 s", await AskAsync(member, Settings with { BodyContains = "ready", Timeout = TimeSpan.FromSeconds(0.5) }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-role", "primary", "200")]
    [InlineData("X-Role", "secondary", "header X-Role is 'primary', expected 'secondary'")]
    [InlineData("X-Other", "primary", "header X-Other is missing, expected 'primary'")]
    [InlineData("Content-Type", "text/plain", "200")]
    public async Task Headers_are_compared(string name, string value, string seen)
    {
        var member = await ServeAsync(context =>
        {
            context.Response.Headers["X-Role"] = "primary";
            context.Response.ContentType = "text/plain";
            return Task.CompletedTask;
        });
        Assert.EndsWith($": {seen}", await AskAsync(member, Settings with { Headers = new Dictionary<string, string> { [name] = value } }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "connection closed before the answer was whole")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "the answer is not HTTP")]
    [InlineData("HTTP/1.1 abc\r\n\r\n", "the answer is not HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "connection closed before the answer was whole")]
    public async Task A_damaged_answer_is_a_verdict_in_words(string answer, string seen)
    {
        var server = Keep(RawServer.Answering(answer));
        Assert.EndsWith($": {seen}", await AskAsync(server.Member, Settings with { BodyContains = "ready" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_without_end_are_cut_off()
    {
        var server = Keep(new RawServer(async (stream, stopping) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stopping);
            while (true)
                await stream.WriteAsync("X-More: and more\r\n"u8.ToArray(), stopping);
        }));
        Assert.EndsWith(": the headers of the answer exceed 32 KiB", await AskAsync(server.Member, Settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_a_verdict()
    {
        // The reserved top-level domain of RFC 6761; what the resolver says of it differs, that it fails does not.
        var facts = await new HttpProbe(Settings with { Timeout = TimeSpan.FromSeconds(5) }, TimeProvider.System).ProbeAsync(Members.At(80, "nobody.invalid"), Cancellation);
        Assert.False(facts.Healthy);
    }

    [Fact]
    public async Task The_verdict_is_dated_and_timed_by_the_injected_clock()
    {
        var clock = new FakeTimeProvider();
        var reached = new TaskCompletionSource();
        var member = await ServeAsync(context =>
        {
            reached.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var question = new HttpProbe(Settings with { Timeout = TimeSpan.FromSeconds(90) }, clock).ProbeAsync(member, Cancellation);
        await reached.Task.WaitAsync(Cancellation);
        clock.Advance(TimeSpan.FromSeconds(90));
        var facts = await question;
        Assert.EndsWith("no answer within 90 s", facts.Detail, StringComparison.Ordinal);
        Assert.Equal(clock.GetUtcNow(), facts.At);
    }

    private static async Task<string> AskAsync(Member member, HttpProbeSettings settings) =>
        (await new HttpProbe(settings, TimeProvider.System).ProbeAsync(member, Cancellation)).Detail;
}
