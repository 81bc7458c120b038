using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Probes;

public sealed class HttpGuestIdentityTests : IAsyncLifetime
{
    private static readonly HttpIdentitySettings Settings = new("/identity", null, false, null, false, null, TimeSpan.FromMinutes(2));

    private readonly List<Site> sites = [];
    private readonly FakeTimeProvider clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var site in sites)
            await site.DisposeAsync();
    }

    [Fact]
    public async Task A_guests_answer_is_read_whole_and_dated_by_the_injected_clock()
    {
        var facts = await Identity().ReadAsync(await AnswerAsync(GuestDocument.Valid), Cancellation);
        Assert.Equal("web@2 (sha256:abc)", facts.Image.ToString());
        Assert.Equal("m-1", facts.MachineId);
        Assert.Equal(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.FromHours(1)), facts.BootedAt);
        Assert.Equal(["CVE-2026-1", "CVE-2026-2"], facts.Patches);
        Assert.Equal(clock.GetUtcNow(), facts.At);
    }

    [Fact]
    public async Task A_damaged_answer_names_the_member_the_address_and_all_that_is_wrong()
    {
        var member = await AnswerAsync("""{ "image": { "name": "web" }, "machineId": 7 }""");
        var reason = (await Assert.ThrowsAsync<AdapterException>(() => Identity().ReadAsync(member, Cancellation))).Reason;
        Assert.Equal("guest-identity-invalid", reason.Code);
        Assert.Equal(
            $"The guest of web-1/a does not tell what it is: GET http://{member.Address}/identity: image.version is missing; image.digest is missing; machineId is not a text; bootedAt is missing; patches is missing",
            reason.Text);
    }

    [Fact]
    public async Task An_answer_of_more_than_64_KiB_is_refused()
    {
        var reason = await FailAsync(await AnswerAsync(GuestDocument.Valid + new string(' ', 64 * 1024)));
        Assert.Contains("64 KiB", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_status_than_200_is_refused()
    {
        var member = await StartAsync(context =>
        {
            context.Response.StatusCode = 203;
            return context.Response.WriteAsync(GuestDocument.Valid);
        });
        Assert.EndsWith("/identity: 203, expected 200", await FailAsync(member), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_that_is_not_there_is_an_error_in_words()
    {
        var thrown = await Assert.ThrowsAsync<AdapterException>(() => Identity().ReadAsync(Members.At(Members.ClosedPort()), Cancellation));
        Assert.Equal("guest-identity-unreachable", thrown.Reason.Code);
        Assert.EndsWith("/identity: connection refused", thrown.Reason.Text, StringComparison.Ordinal);
        Assert.IsType<SocketException>(thrown.InnerException!.InnerException);
    }

    [Fact]
    public async Task A_guest_that_hangs_is_an_error_after_the_timeout()
    {
        var reached = new TaskCompletionSource();
        var member = await StartAsync(context =>
        {
            reached.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var question = FailAsync(member);
        await reached.Task.WaitAsync(Cancellation);
        clock.Advance(Settings.Timeout);
        Assert.EndsWith("/identity: no answer within 120 s", await question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_question_ends_with_the_callers_cancellation()
    {
        var member = await StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var question = Identity().ReadAsync(member, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
    }

    [Fact]
    public async Task The_host_of_the_settings_is_sent_and_the_certificate_is_checked_against_it()
    {
        await using var authority = new Certificates();
        var member = await StartAsync(
            context => context.Response.WriteAsync(context.Request.Host.Value == "id.example" ? GuestDocument.Valid : "another host was asked for"),
            authority.Issue("id.example"));
        var settings = Settings with { Tls = true, TlsCa = authority.File, Host = "id.example" };
        Assert.Equal("m-1", (await new HttpGuestIdentity(settings, TimeProvider.System).ReadAsync(member, Cancellation)).MachineId);
    }

    private HttpGuestIdentity Identity() => new(Settings, clock);

    private async Task<string> FailAsync(Member member) =>
        (await Assert.ThrowsAsync<AdapterException>(() => Identity().ReadAsync(member, Cancellation))).Reason.Text;

    private Task<Member> AnswerAsync(string body) => StartAsync(context => context.Response.WriteAsync(body));

    private async Task<Member> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var site = await Site.StartAsync(answer, certificate);
        sites.Add(site);
        return site.Member;
    }
}
