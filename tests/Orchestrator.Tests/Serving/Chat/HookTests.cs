using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>What the door lets in, over real HTTP.</summary>
public sealed class HookTests
{
    private static readonly byte[] s_help = Hooks.Form(("team_id", "T1"), ("user_id", "UADA"), ("text", "help"));

    [Fact]
    public async Task Each_vendor_is_answered_in_its_own_form()
    {
        await using var service = await Service.StartAsync(Hooks.Settings());
        using var hooks = new Hooks(() => service.Address);
        var slack = (await hooks.SlackAsync("help")).Says("refresh FLEET");
        Assert.Equal("ephemeral", slack.Json.GetProperty("response_type").GetString());
        Assert.Equal("message", (await hooks.TeamsAsync("help")).Says("status").Json.GetProperty("type").GetString());
        Assert.Equal("ephemeral", (await hooks.MattermostAsync("help")).Says("status").Json.GetProperty("response_type").GetString());
        (await hooks.GitHubAsync("ping", new { zen = "Keep it logically awesome." })).Says("Nothing is done");
        var bus = (await hooks.StandardAsync(new { type = "refresh.command", data = new { command = "status nowhere" } })).Says("There is no fleet nowhere");
        Assert.Equal((404, "no-such-fleet"), (bus.Json.GetProperty("status").GetInt32(), bus.Json.GetProperty("code").GetString()));
        (await hooks.PostAsync("nobody", s_help)).Refused(404, "not-found");
    }

    [Fact]
    public async Task Both_keys_hold_while_one_takes_the_place_of_the_other()
    {
        await using var service = await Service.StartAsync(Hooks.Settings());
        using var hooks = new Hooks(() => service.Address);
        (await hooks.SlackFormAsync(s_help, Hooks.SlackKey)).Says("status");
        (await hooks.SlackFormAsync(s_help, Hooks.OldSlackKey)).Says("status");
        (await hooks.SlackFormAsync(s_help, "some-other-secret")).Refused(401, "signature-invalid");
    }

    [Fact]
    public async Task What_is_not_signed_is_not_read()
    {
        await using var service = await Service.StartAsync(Hooks.Settings());
        using var hooks = new Hooks(() => service.Address);
        (await hooks.PostAsync("slack", s_help)).Refused(401, "signature-invalid");
        (await hooks.PostAsync("slack", [0xFF, 0xFE])).Refused(401, "signature-invalid");
        (await hooks.PostAsync("teams", "{"u8.ToArray(), ("Authorization", "HMAC AAAA"))).Refused(401, "signature-invalid");
        (await hooks.MattermostAsync("help", token: "another-token")).Refused(401, "signature-invalid");
        (await hooks.GitHubAsync("release", new { }, key: "wrong-key")).Refused(401, "signature-invalid");
        (await hooks.PostAsync("bus", "{}"u8.ToArray(), ("webhook-id", "x"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,AAAA"))).Refused(401, "signature-invalid");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Hooks.SlackSignature(Hooks.SlackKey, now, s_help);
        (await hooks.PostAsync("slack", s_help[..^1], ("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", signature))).Refused(401, "signature-invalid");
        (await hooks.PostAsync("slack", s_help, ("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", signature), ("X-Slack-Signature", signature))).Refused(401, "signature-invalid");
    }

    [Fact]
    public async Task What_is_late_or_ahead_is_refused()
    {
        await using var service = await Service.StartAsync(Hooks.Settings());
        using var hooks = new Hooks(() => service.Address);
        var now = DateTimeOffset.UtcNow;
        (await hooks.SlackFormAsync(s_help, at: now.AddSeconds(-330))).Refused(401, "delivery-late");
        (await hooks.SlackFormAsync(s_help, at: now.AddSeconds(330))).Refused(401, "delivery-late");
        (await hooks.SlackFormAsync(s_help, at: now.AddSeconds(-200))).Says("status");
        (await hooks.TeamsAsync("help", at: now.AddMinutes(-10))).Refused(401, "delivery-late");
        (await hooks.StandardAsync(new { type = "refresh.command", data = new { command = "help" } }, at: now.AddMinutes(-10))).Refused(401, "delivery-late");
    }

    [Fact]
    public async Task A_replay_is_refused_also_after_a_restart_and_a_vendors_own_retry_is_told_that_all_is_well()
    {
        await using var service = await Service.StartAsync(Hooks.Settings());
        using var hooks = new Hooks(() => service.Address);
        var at = DateTimeOffset.UtcNow;
        (await hooks.SlackFormAsync(s_help, at: at)).Says("status");
        (await hooks.SlackFormAsync(s_help, at: at)).Refused(409, "delivery-replayed");
        (await hooks.TeamsAsync("help", id: "1")).Says("status");
        (await hooks.MattermostAsync("help", trigger: "1")).Says("status");
        (await hooks.StandardAsync(new { type = "refresh.command", data = new { command = "help" } }, id: "msg_1")).Says("status");
        await service.StopAsync();
        await service.StartAsync();
        (await hooks.SlackFormAsync(s_help, at: at)).Refused(409, "delivery-replayed");
        (await hooks.TeamsAsync("help", id: "1")).Refused(409, "delivery-replayed");
        (await hooks.MattermostAsync("help", trigger: "1")).Refused(409, "delivery-replayed");
        (await hooks.StandardAsync(new { type = "refresh.command", data = new { command = "help" } }, id: "msg_1")).Says("status");
    }

    [Fact]
    public async Task What_GitHub_signed_is_carried_out_once_whatever_id_it_comes_with()
    {
        await using var service = await Service.StartAsync(Hooks.Settings());
        using var hooks = new Hooks(() => service.Address);
        var release = new { action = "published", release = new { tag_name = "v1.1.0" }, repository = new { full_name = "acme/images" } };
        (await hooks.GitHubAsync("release", release, delivery: "a1")).Is(202);
        (await hooks.GitHubAsync("release", release, delivery: "a2")).Is(200);
        using var admin = await service.ClientAsync("root", "admin");
        await admin.UntilAsync("/v1/acts", acts => acts.GetProperty("items").GetArrayLength() == 1);
        (await hooks.GitHubAsync("release", release with { action = "published", release = new { tag_name = "v1.2.0" } }, delivery: "a2")).Is(202);
        await admin.UntilAsync("/v1/acts", acts => acts.GetProperty("items").GetArrayLength() == 2);
    }

    [Fact]
    public void A_Slack_answer_that_is_long_once_it_is_escaped_is_cut_within_no_entity()
    {
        Assert.Equal("x".PadRight(2900, 'y'), SlackNotifier.Cut("x".PadRight(2900, 'y'), 2900));
        for (var before = 2890; before < 2900; before++)
        {
            var cut = SlackNotifier.Cut(SlackNotifier.Escaped(new string('x', before) + "<&\U0001F600>" + new string('&', 500)), 2900);
            Assert.InRange(cut.Length, 2890, 2901);
            Assert.Matches("^x+(&lt;|&amp;|&gt;|\ud83d\ude00)*…$", cut);
        }
    }

    [Fact]
    public async Task What_is_not_signed_shuts_nobody_out_who_signs()
    {
        await using var service = await Service.StartAsync(Hooks.Settings(("limits:requestsPerMinute", "5")));
        using var hooks = new Hooks(() => service.Address);
        for (var junk = 0; junk < 5; junk++)
            (await hooks.PostAsync("slack", s_help)).Refused(401, "signature-invalid");
        (await hooks.PostAsync("slack", s_help)).Refused(429, "rate-limited");
        (await hooks.PostAsync("nobody", s_help)).Refused(429, "rate-limited");
        for (var signed = 0; signed < 50; signed++)
            (await hooks.SlackAsync("help")).Says("status");
        Assert.NotNull((await hooks.SlackAsync("help")).Refused(429, "rate-limited").Header("Retry-After"));
        (await hooks.MattermostAsync("help")).Says("status");
    }

    [Fact]
    public async Task Bodies_that_are_too_large_or_no_text_are_refused()
    {
        await using var service = await Service.StartAsync(Hooks.Settings());
        using var hooks = new Hooks(() => service.Address);
        Assert.Contains("larger than the 65536 bytes that this address takes", (await hooks.SlackFormAsync(new byte[65 * 1024])).Refused(413, "body-too-large").Body, StringComparison.Ordinal);
        (await hooks.GitHubAsync("release", new { notes = new string('x', 200_000) })).Is(200);
        (await hooks.SlackFormAsync([.. "text="u8, 0xC3, 0x28])).Refused(400, "invalid-request");
        (await hooks.SlackFormAsync("text=a&text=b"u8.ToArray())).Refused(400, "invalid-request");
        (await hooks.SlackFormAsync("payload=%7B"u8.ToArray())).Refused(400, "invalid-request");
        (await hooks.SlackFormAsync(Hooks.Form(("payload", """{"type":"view_submission"}""")))).Refused(400, "invalid-request");
        (await hooks.StandardAsync(new { type = "something.else" })).Refused(400, "invalid-request");
        (await hooks.SlackAsync(new string('x', 2000))).Says("at most 1000 characters");
    }

    [Fact]
    public async Task A_body_that_ends_too_early_does_nothing()
    {
        await using var service = await Service.StartAsync(Hooks.Settings());
        var at = DateTimeOffset.UtcNow;
        var signed = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(service.Address.Host, service.Address.Port, TestContext.Current.CancellationToken);
            var head = string.Create(CultureInfo.InvariantCulture, $"POST /hooks/slack HTTP/1.1\r\nHost: x\r\nX-Slack-Request-Timestamp: {signed}\r\nX-Slack-Signature: {Hooks.SlackSignature(Hooks.SlackKey, signed, s_help)}\r\nContent-Length: {s_help.Length + 1}\r\n\r\n");
            var stream = socket.GetStream();
            await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. s_help], TestContext.Current.CancellationToken);
            socket.Client.Shutdown(SocketShutdown.Send);
            // The service has read all that came when it ends the connection, with an answer or without.
            var answer = new byte[4096];
            var count = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken).AsTask().ContinueWith(read => read.IsCompletedSuccessfully ? read.Result : 0, TaskScheduler.Default);
            Assert.DoesNotContain("200 OK", Encoding.ASCII.GetString(answer, 0, count), StringComparison.Ordinal);
        }

        // What was sent is signed and would be help by itself: had it been taken, this were a replay.
        using var hooks = new Hooks(() => service.Address);
        (await hooks.SlackFormAsync(s_help, at: at)).Says("status");
    }

    [Fact]
    public async Task Somebody_who_is_not_known_gets_a_polite_no_and_is_on_record()
    {
        await using var service = await Service.StartAsync(Hooks.Settings());
        using var hooks = new Hooks(() => service.Address);
        (await hooks.SlackAsync("status", user: "UMALLORY")).Says("Sorry, I do not know you here").Says("slack:T1/UMALLORY");
        (await hooks.TeamsAsync("pause", user: "other")).Says("I do not know you here");
        using var admin = await service.ClientAsync("root", "admin");
        var acts = (await admin.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items");
        Assert.Equal("role-missing", acts[0].GetProperty("code").GetString());
        Assert.Equal("slack:T1/UMALLORY", acts[1].GetProperty("origin").GetString());
    }

    [Fact]
    public async Task A_delivery_that_the_service_was_lost_over_is_carried_out_by_the_next_and_answered_later()
    {
        await using var sink = await Sink.StartAsync();
        await using var service = await Service.StartAsync(Hooks.Settings(("webhooks:slack:answerTo", sink.Address.ToString())));
        // What a process leaves that is killed after it took the delivery and before it answered.
        var store = new DeliveryStore(service.Journal.Database);
        await store.TakeAsync(new StoredDelivery("slack", "k1", "s1", $$"""{"account":{"hook":"slack","team":"T1","user":"UADA"},"text":"help plan","answerTo":"{{sink.Address}}commands/1"}""", "another", DateTimeOffset.UtcNow), TestContext.Current.CancellationToken);
        await service.StopAsync();
        await service.StartAsync();
        var late = await sink.NextAsync();
        Assert.Equal("/commands/1", late.Path);
        Assert.Contains("plan FLEET [IMAGE]", late.Json.GetProperty("text").GetString(), StringComparison.Ordinal);
        await LabFixture.UntilAsync(async () => (await new DeliveryStore(service.Journal.Database).TakeOverAsync("yet another", TestContext.Current.CancellationToken)).Count == 0);
    }

    [Fact]
    public async Task A_late_answer_goes_nowhere_that_the_settings_do_not_name_and_follows_no_redirect()
    {
        await using var sink = await Sink.StartAsync();
        await using var other = await Sink.StartAsync();
        await using var service = await Service.StartAsync(Hooks.Settings(("webhooks:slack:answerTo", sink.Address.ToString())));
        using var hooks = new Hooks(() => service.Address);
        (await hooks.PressAsync("refresh_dismiss", "no", $"{other.Address}steal")).Is(200);
        (await hooks.PressAsync("refresh_dismiss", "no", $"{sink.Address.ToString().Replace("http://", "http://x@", StringComparison.Ordinal)}steal")).Is(200);
        sink.Answer = (307, $"{other.Address}redirected");
        (await hooks.PressAsync("refresh_dismiss", "no", $"{sink.Address}answers")).Is(200);
        Assert.Equal("/answers", (await sink.NextAsync()).Path);
        sink.Answer = (200, null);
        var again = await sink.NextAsync();
        Assert.Contains("Nothing was done", again.Json.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.True(again.Json.GetProperty("replace_original").GetBoolean());
        Assert.Equal(0, other.Count);
    }
}
