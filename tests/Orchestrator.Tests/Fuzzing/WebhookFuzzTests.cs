using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat;
using Refresh.Orchestrator.Serving.Chat.Grammar;
using Refresh.Orchestrator.Serving.Chat.Hooks;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Chat.Vendors;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Orchestrator.Tests.Serving.Chat;
using Xunit;

namespace Refresh.Orchestrator.Tests.Fuzzing;

/// <summary>What strangers send, damaged anywhere, with a good signature so that it is read at all: it is understood or refused with a code, and never anything else.</summary>
public sealed class WebhookFuzzTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);
    private static readonly string s_at = s_now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static readonly byte[][] s_slack =
    [
        Hooks.Form(("token", "x"), ("team_id", "T1"), ("user_id", "UADA"), ("command", "/refresh"), ("text", "refresh shop web@1.2.0 because of CVE-2026-1 &amp; more"), ("response_url", "https://hooks.slack.com/commands/T1/2/3"), ("trigger_id", "1.2.3")),
        Hooks.Form(("payload", """{"type":"block_actions","team":{"id":"T1"},"user":{"id":"UADA","team_id":"T1"},"response_url":"https://hooks.slack.com/actions/1","actions":[{"action_id":"refresh_confirm","value":"ABCDE23456"}]}""")),
    ];

    private static readonly byte[][] s_teams =
        ["""{"type":"message","id":"1","timestamp":"2026-11-24T02:00:00.000Z","text":"<at>refresh</at>&nbsp;status shop","from":{"id":"29:1","aadObjectId":"ada-id"},"conversation":{"id":"19:x","tenantId":"tenant"},"channelData":{"tenant":{"id":"tenant"}}}"""u8.ToArray()];

    private static readonly byte[][] s_mattermost =
        [Hooks.Form(("token", Hooks.MattermostKey), ("team_id", "team"), ("user_id", "ada-id"), ("text", "why web-1"), ("trigger_id", "t1"), ("response_url", "https://chat.example.org/hooks/commands/1"))];

    private static readonly byte[][] s_press =
    [
        .. new[] { MattermostButton.Confirm, MattermostButton.Leave }.Select(action => JsonSerializer.SerializeToUtf8Bytes(new
        {
            user_id = "ada-id",
            user_name = "ada",
            channel_id = "c1",
            team_id = "team",
            trigger_id = "t1",
            context = new MattermostButton("hook", action, "team", "ada-id", "c1", "ABCDE23456").Context(Hooks.MattermostKey),
        })),
    ];

    private static readonly byte[][] s_gitHub =
    [
        """{"action":"published","release":{"tag_name":"web/v1.2.0","draft":false},"repository":{"full_name":"acme/images"}}"""u8.ToArray(),
        """{"action":"completed","workflow_run":{"name":"build","conclusion":"success","head_branch":"v1.2.0"},"repository":{"full_name":"acme/images"}}"""u8.ToArray(),
    ];

    private static readonly byte[][] s_standard =
    [
        """{"type":"refresh.command","data":{"command":"pause shop because of the bus"}}"""u8.ToArray(),
        """{"type":"image.published","data":{"image":"web@1.2.0"}}"""u8.ToArray(),
    ];

    [Fact]
    [Trait(Fuzz.Trait, "webhooks")]
    public void Slack_is_understood_or_refused() =>
        Play(Vendor.Slack, s_slack, body => new() { ["X-Slack-Request-Timestamp"] = s_at, ["X-Slack-Signature"] = Hooks.SlackSignature(Hooks.SlackKey, s_at, body) }, Hooks.SlackKey);

    [Fact]
    [Trait(Fuzz.Trait, "webhooks")]
    public void Teams_is_understood_or_refused() =>
        Play(Vendor.Teams, s_teams, body => new() { ["Authorization"] = $"HMAC {Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Hooks.TeamsKey), body))}" }, Hooks.TeamsKey);

    [Fact]
    [Trait(Fuzz.Trait, "webhooks")]
    public void Mattermost_is_understood_or_refused() => Play(Vendor.Mattermost, s_mattermost, _ => new() { ["Authorization"] = $"Token {Hooks.MattermostKey}" }, Hooks.MattermostKey);

    [Fact]
    [Trait(Fuzz.Trait, "webhooks")]
    public void A_press_of_Mattermosts_is_understood_or_refused() => Play(Vendor.Mattermost, s_press, _ => new() { ["Content-Type"] = "application/json" }, Hooks.MattermostKey);

    [Theory]
    [InlineData("release", null)]
    [InlineData("workflow_run", "build")]
    [Trait(Fuzz.Trait, "webhooks")]
    public void GitHub_is_understood_or_refused(string kind, string? workflow) =>
        Play(
            Vendor.GitHub,
            s_gitHub,
            body => new() { ["X-GitHub-Event"] = kind, ["X-GitHub-Delivery"] = "d1", ["X-Hub-Signature-256"] = $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Hooks.GitHubKey), body))}" },
            Hooks.GitHubKey,
            workflow);

    [Fact]
    [Trait(Fuzz.Trait, "webhooks")]
    public void Standard_Webhooks_is_understood_or_refused() =>
        Play(
            Vendor.Standard,
            s_standard,
            body => new() { ["webhook-id"] = "m1", ["webhook-timestamp"] = s_at, ["webhook-signature"] = StandardWebhook.Sign(StandardWebhook.Key(Hooks.StandardKey)!, "m1", s_now, body) },
            Hooks.StandardKey);

    [Fact]
    [Trait(Fuzz.Trait, "webhooks")]
    public void Headers_that_are_damaged_let_nothing_in()
    {
        var body = s_slack[0];
        var good = Hooks.SlackSignature(Hooks.SlackKey, s_at, body);
        Gen.Select(Fuzz.Of(Encoding.ASCII.GetBytes(good)), Fuzz.Of(Encoding.ASCII.GetBytes(s_at))).Sample((signature, timestamp) =>
        {
            var (told, at) = (Encoding.Latin1.GetString(signature), Encoding.Latin1.GetString(timestamp));
            if (told == good && at == s_at)
                return;
            var headers = new HeaderDictionary { ["X-Slack-Request-Timestamp"] = at, ["X-Slack-Signature"] = told };
            var refused = Assert.Throws<Problem>(() => VendorList.Of(Vendor.Slack).Read(new HookRequest(headers, body, [Hooks.SlackKey], s_now), Settings(Vendor.Slack, null)));
            Assert.Equal(401, refused.Code.Status);
        }, iter: 3000);
    }

    /// <summary>Reads damaged bodies as the endpoint does, to the row that is kept and back.</summary>
    private static void Play(Vendor vendor, byte[][] bodies, Func<byte[], HeaderDictionary> sign, string key, string? workflow = null)
    {
        var settings = Settings(vendor, workflow);
        var understood = 0;
        Fuzz.Play(Gen.OneOf([.. bodies.Select(body => Fuzz.Of(body))]), body =>
        {
            try
            {
                var incoming = VendorList.Of(vendor).Read(new HookRequest(sign(body), body, [key], s_now), settings);
                Assert.NotEmpty(incoming.Key);
                if (incoming is IncomingNothing)
                    return;
                var task = HookTask.Of(vendor.ToString(), incoming, new Redaction());
                Assert.Equal(task, HookTask.Read(task.Write()));
                Assert.InRange(task.Text.Length, 0, ChatGrammar.Longest + 1);
                var reply = new ChatReply($"{task.Text} {(incoming as IncomingImage)?.Why}") { Code = ChatCode.New(), Button = "Do it" };
                Assert.NotEmpty(VendorList.Of(vendor).Write(reply));
                Assert.NotEmpty(VendorList.Of(vendor).WriteLate(reply, replaces: true));
                if (task.AnswerTo is { } address)
                    LateAnswers.Allowed(settings, address);
                Interlocked.Increment(ref understood);
            }
            catch (Problem refused)
            {
                Assert.InRange(refused.Code.Status, 400, 499);
            }
        }, iter: 3000);
        Assert.True(understood > 0, "nothing was understood: what is read is hardly tested");
    }

    private static HookSettings Settings(Vendor vendor, string? workflow) => new("hook", vendor, [])
    {
        AnswerTo = [new Uri("https://hooks.slack.com")],
        Grants = new Grants([]),
        Published = new PublishedSettings("web", null, workflow, new Dictionary<string, OnImage>()),
    };
}
