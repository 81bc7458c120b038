using System.Text;
using System.Text.Json;
using Refresh.Lab.Cloud;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Orchestrator.Tests.Notifications;
using Refresh.Orchestrator.Tests.Serving.Chat;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>
/// Secrets of every sort are planted, in the settings and in what people write, and a run is served with chat and
/// notifications: none of them is in the log, the journal's file, an answer, a report, or in what others are told.
/// </summary>
public sealed class PlantedSecretTests
{
    private const string SlackToken = "xoxb-planted-0123456789";
    private const string TownToken = "planted-mattermost-bot";
    private const string MailPassword = "planted/smtp\"password";
    private const string EventsKey = "whsec_cGxhbnRlZC1ldmVudHMta2V5LTAxMjM0NTY3ODk=";
    private const string Passphrase = "planted pulumi passphrase";
    private const string HookPath = "planted-path-of-a-webhook/T1";
    private const string AnswerPath = "planted-response-url";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task None_is_in_what_is_written_down_or_told()
    {
        await using var sink = await Sink.StartAsync();
        // Slack wants its answers so; whoever else takes this for a failure tells it in the log, with what it had sent to.
        sink.Makes = received => received.Path.StartsWith("/api/", StringComparison.Ordinal) ? """{"ok":true,"channel":"C1","ts":"17.1"}""" : null;
        using var mail = new SmtpSink();
        await using var lab = await LabFixture.StartAsync(options => options with { Pairs = 1, Balancer = BalancerChoice.HAProxy, CloneDelay = TimeSpan.FromMilliseconds(200) });
        using var serve = new ServeProcess();
        SetUp(serve, sink, mail);
        // A probe of the user's own that tells what it finds in its environment.
        var probe = serve.Write("probe.sh", "echo \"passphrase is $PULUMI_CONFIG_PASSPHRASE\"; echo \"$PULUMI_CONFIG_PASSPHRASE\" >&2; [ -e " + serve.At("healthy") + " ]\n");
        serve.Write("fleets/lab.yaml", ServedLab.Fleet(lab.Facts, "required", "lab").Replace("provisioner:", $"  - command: {{ run: [/bin/sh, {probe}], timeout: 5s }}\nprovisioner:", StringComparison.Ordinal));
        await serve.StartAsync();
        using var ada = await serve.ClientAsync("ada", "admin");
        using var hooks = new Hooks(() => serve.Address);
        var secrets = new[] { Hooks.SlackKey, Hooks.OldSlackKey, Hooks.TeamsKey, Hooks.MattermostKey, Hooks.GitHubKey, Hooks.StandardKey, SlackToken, TownToken, MailPassword, EventsKey, Passphrase, HookPath, AnswerPath, ada.Token! };

        // A plan while the probe fails: its words are in what stands in the way.
        var told = new List<string> { (await ada.PostAsync("/v1/plans", new { fleet = "lab" })).Body };
        told.Add((await ada.GetAsync("/v1/fleets/lab/members/web-1/a")).Is(200).Body);
        serve.Write("healthy", "");
        foreach (var secret in secrets.Except([AnswerPath]))
            told.AddRange(await WriteAsync(ada, hooks, sink, secret));
        var all = string.Join(" and ", secrets.Where(secret => secret != AnswerPath));
        var code = (await hooks.SlackAsync($"refresh lab because {all}", answerTo: Answers(sink))).Code();
        told.Add((await hooks.PressAsync("refresh_confirm", code, Answers(sink))).Body);
        var run = (await ada.UntilAsync("/v1/runs", runs => runs.GetProperty("items") is var items && items.GetArrayLength() == 1 && items[0].GetProperty("state").GetString() == "AwaitingApproval")).GetProperty("items")[0].GetProperty("run").GetString();
        told.Add((await ada.PostAsync($"/v1/runs/{run}/approve", new { why = all })).Is(200).Body);
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
        await LabFixture.UntilAsync(async () => (await ada.GetAsync($"/v1/runs/{run}/events?limit=200")).Body.Contains("\"Succeeded\"", StringComparison.Ordinal));
        foreach (var path in new[] { "", "/events?limit=200", "/report?format=html", "/report?format=text", "/report?format=json", "/evidence" })
            told.Add((await ada.GetAsync($"/v1/runs/{run}{path}")).Is(200).Body);
        foreach (var path in new[] { "/v1/acts", "/v1/tokens", "/v1/fleets", "/v1/fleets/lab/members/web-1/a", "/v1/orders", "/metrics", "/readyz" })
            told.Add((await ada.GetAsync(path)).Body);
        Assert.Contains("[redacted]", (await ada.GetAsync($"/v1/runs/{run}/report?format=text")).Body, StringComparison.Ordinal);
        await ToldToAsync(sink, mail, run!, told);
        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());

        told.AddRange([serve.Logged, serve.Said, .. Directory.GetFiles(serve.Folder, "journal.db*").Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)))]);
        Assert.Contains("[redacted]", serve.Logged, StringComparison.Ordinal);
        foreach (var secret in secrets)
        {
            foreach (var form in new[] { secret, JsonSerializer.Serialize(secret)[1..^1], Uri.EscapeDataString(secret) })
                Assert.All(told, text => Assert.DoesNotContain(form, text, StringComparison.Ordinal));
        }
    }

    /// <summary>Writes a secret wherever somebody can write something, and gathers the answers.</summary>
    private static async Task<IEnumerable<string>> WriteAsync(ApiClient ada, Hooks hooks, Sink sink, string secret) =>
    [
        (await ada.PostAsync("/v1/runs", new { fleet = secret })).Body,
        (await ada.PostAsync("/v1/plans", new { fleet = "lab", image = secret })).Body,
        (await ada.PostAsync("/v1/runs", new Dictionary<string, string> { ["fleet"] = "lab", [secret] = "x" })).Body,
        (await ada.GetAsync($"/v1/runs/{Uri.EscapeDataString(secret)}")).Body,
        (await hooks.SlackAsync($"status {secret}", answerTo: Answers(sink))).Body,
        (await hooks.SlackAsync($"pause {secret} because {secret}", user: $"U{secret}")).Body,
        (await hooks.TeamsAsync($"why {secret}")).Body,
        (await hooks.MattermostAsync($"{secret} {secret}")).Body,
        (await hooks.StandardAsync(new { type = "refresh.command", data = new { command = $"cancel lab because {secret}" } })).Body,
        (await hooks.GitHubAsync("release", new { action = "published", release = new { tag_name = secret }, repository = new { full_name = secret } })).Body,
    ];

    private static string Answers(Sink sink) => $"{sink.Address}{AnswerPath}/1";

    /// <summary>Gathers what channels were told, but for the addresses and headers that are their own secrets.</summary>
    private static async Task ToldToAsync(Sink sink, SmtpSink mail, string run, List<string> told)
    {
        var waited = new HashSet<string> { "/api/chat.postMessage", $"/slack/{HookPath}", $"/teams/{HookPath}", "/town/api/v4/posts", "/events" };
        while (waited.Count > 0)
        {
            var received = await sink.NextAsync();
            waited.Remove(received.Path);
            told.Add(Encoding.UTF8.GetString(received.Body));
        }

        do
            told.Add(await mail.NextAsync(Cancellation));
        while (!told[^1].Contains(run, StringComparison.Ordinal));
    }

    private static void SetUp(ServeProcess serve, Sink sink, SmtpSink mail)
    {
        string Secret(string name, string value) => $"file:{serve.Write($"secrets/{name}", value)}";
        serve.Configuration = new
        {
            log = new { level = "Verbose" },
            webhooks = new Dictionary<string, object>
            {
                ["slack"] = new { vendor = "slack", key = Secret("slack", Hooks.SlackKey), previousKey = Secret("slack-old", Hooks.OldSlackKey), answerTo = new[] { sink.Address.ToString() } },
                ["teams"] = new { vendor = "teams", key = Secret("teams", Hooks.TeamsKey) },
                ["town"] = new { vendor = "mattermost", key = Secret("town", Hooks.MattermostKey) },
                ["images"] = new { vendor = "github", key = Secret("github", Hooks.GitHubKey), image = "web", fleets = new { lab = "propose" } },
                ["bus"] = new { vendor = "standard", key = Secret("bus", Hooks.StandardKey), roles = new[] { "operator" } },
            },
            people = new { ada = new { accounts = new[] { "slack:T1/UADA", "teams:tenant/ada-id", "town:team/ada-id" }, roles = new[] { "operator", "approver" } } },
            notifications = new Dictionary<string, object>
            {
                ["a"] = new { to = "slack", token = Secret("slack-bot", SlackToken), channel = "ops", api = $"{sink.Address}api" },
                ["b"] = new { to = "slack-webhook", url = Secret("slack-hook", $"{sink.Address}slack/{HookPath}") },
                ["c"] = new { to = "teams", url = Secret("teams-hook", $"{sink.Address}teams/{HookPath}") },
                ["d"] = new { to = "mattermost", server = $"{sink.Address}town", token = Secret("town-bot", TownToken), channel = "ops" },
                ["e"] = new { to = "mail", host = "127.0.0.1", port = mail.Port, security = "none", from = "refresh@example.org", recipients = new[] { "ada@example.org" } },
                ["f"] = new { to = "mail", host = "127.0.0.1", port = 9, security = "none", from = "refresh@example.org", recipients = new[] { "ada@example.org" }, user = "ada", password = Secret("mail", MailPassword) },
                ["g"] = new { to = "cloudevents", url = $"{sink.Address}events", key = Secret("events", EventsKey) },
                ["h"] = new { to = "slack-webhook", url = Secret("nobody", $"http://127.0.0.1:9/{HookPath}") },
            },
            environment = new { PULUMI_CONFIG_PASSPHRASE = Secret("pulumi", Passphrase) },
        };
    }
}
