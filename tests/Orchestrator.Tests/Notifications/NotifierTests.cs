using System.Text;
using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Tests.Serving.Chat;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Notifications;

/// <summary>What every notifier over HTTP keeps to.</summary>
public abstract class NotifierCompliance
{
    private protected static readonly Notice s_notice = new("r1-3", NoticeKind.RunFailed, NoticeLevel.Error, "shöp", "run r1 failed", "ada") { Run = "r1", Image = "web@1.2.0", State = "Failed", Pairs = "1 of 2", At = new DateTimeOffset(2026, 11, 23, 3, 0, 0, TimeSpan.Zero) };

    private protected static readonly NoticePlace s_new = new(null, false);

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes the notifier.</summary>
    private protected abstract INotifier Make(Uri address, NoticeHttp http);

    /// <summary>What its receiver answers when all is well.</summary>
    private protected virtual string Well => string.Empty;

    [Fact]
    public async Task What_the_receiver_took_is_sent()
    {
        await using var sink = await Sink.StartAsync();
        sink.Makes = _ => Well;
        using var notifier = Make(sink.Address, new NoticeHttp(TimeProvider.System));
        Assert.Equal(NoticeFate.Sent, (await notifier.SendAsync(s_notice, "hello", s_new, Cancellation)).Fate);
        Assert.Contains("hello", Encoding.UTF8.GetString((await sink.NextAsync()).Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, NoticeFate.Failed)]
    [InlineData(404, NoticeFate.Failed)]
    [InlineData(307, NoticeFate.Failed)]
    [InlineData(410, NoticeFate.Unwanted)]
    public async Task What_it_did_not_take_is_not_sent(int status, NoticeFate fate)
    {
        await using var sink = await Sink.StartAsync();
        await using var elsewhere = await Sink.StartAsync();
        sink.Answer = (status, elsewhere.Address.ToString());
        using var notifier = Make(sink.Address, new NoticeHttp(TimeProvider.System));
        Assert.Equal(fate, (await notifier.SendAsync(s_notice, "hello", s_new, Cancellation)).Fate);
        Assert.Equal(0, elsewhere.Count);
    }

    [Fact]
    public async Task How_long_the_receiver_wants_to_be_left_alone_is_told()
    {
        await using var sink = await Sink.StartAsync();
        (sink.Answer, sink.RetryAfter) = ((429, null), TimeSpan.FromSeconds(37));
        using var notifier = Make(sink.Address, new NoticeHttp(TimeProvider.System));
        Assert.Equal(TimeSpan.FromSeconds(37), (await notifier.SendAsync(s_notice, "hello", s_new, Cancellation)).RetryAfter);
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_or_does_not_answer_is_a_failure_and_no_exception()
    {
        using var nobody = Make(new Uri("http://127.0.0.1:9/"), new NoticeHttp(TimeProvider.System));
        Assert.Equal(NoticeFate.Failed, (await nobody.SendAsync(s_notice, "hello", s_new, Cancellation)).Fate);
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        using var notifier = Make(new Uri($"http://{silent.LocalEndpoint}/"), new NoticeHttp(TimeProvider.System, TimeSpan.FromMilliseconds(200)));
        Assert.Contains("did not answer", (await notifier.SendAsync(s_notice, "hello", s_new, Cancellation)).Detail, StringComparison.Ordinal);
    }
}

public sealed class SlackNotifierTests : NotifierCompliance
{
    private protected override string Well => """{"ok":true,"channel":"C1","ts":"17.1"}""";

    private protected override INotifier Make(Uri address, NoticeHttp http) => new SlackNotifier(address, "xoxb-token", "ops", http);

    [Theory]
    [InlineData("""{"ok":false,"error":"channel_not_found"}""", NoticeFate.Failed)]
    [InlineData("""{"ok":false,"error":"message_not_found"}""", NoticeFate.ThreadGone)]
    [InlineData("<html>", NoticeFate.Failed)]
    public async Task A_refusal_comes_with_200(string answer, NoticeFate fate)
    {
        await using var sink = await Sink.StartAsync();
        sink.Makes = _ => answer;
        using var notifier = Make(sink.Address, new NoticeHttp(TimeProvider.System));
        Assert.Equal(fate, (await notifier.SendAsync(s_notice, "x", new NoticePlace("C1 17.1", true), Cancellation)).Fate);
    }

    [Fact]
    public async Task An_error_is_an_answer_in_the_thread_that_the_channel_sees()
    {
        await using var sink = await Sink.StartAsync();
        sink.Makes = _ => Well;
        using var notifier = Make(sink.Address, new NoticeHttp(TimeProvider.System));
        await notifier.SendAsync(s_notice, "x", new NoticePlace("C1 17.1", false), Cancellation);
        var sent = (await sink.NextAsync()).Json;
        Assert.Equal(("C1", "17.1", true), (sent.GetProperty("channel").GetString(), sent.GetProperty("thread_ts").GetString(), sent.GetProperty("reply_broadcast").GetBoolean()));
    }
}

public sealed class MattermostNotifierTests : NotifierCompliance
{
    private protected override string Well => """{"id":"p1"}""";

    private protected override INotifier Make(Uri address, NoticeHttp http) => new MattermostNotifier(address, "token-of-a-bot", "c1", http);

    [Fact]
    public async Task The_status_is_patched_and_the_rest_answers_it()
    {
        await using var sink = await Sink.StartAsync();
        sink.Makes = _ => Well;
        using var notifier = Make(sink.Address, new NoticeHttp(TimeProvider.System));
        Assert.Equal("p1", (await notifier.SendAsync(s_notice, "a", s_new, Cancellation)).Thread);
        Assert.Equal("p1", (await notifier.SendAsync(s_notice, "b", new NoticePlace("p1", true), Cancellation)).Thread);
        await notifier.SendAsync(s_notice, "c", new NoticePlace("p1", false), Cancellation);
        Assert.Equal("POST /api/v4/posts", await NextAsync(sink));
        Assert.Equal("PUT /api/v4/posts/p1/patch", await NextAsync(sink));
        Assert.Equal("p1", (await sink.NextAsync()).Json.GetProperty("root_id").GetString());
    }

    private static async Task<string> NextAsync(Sink sink) => await sink.NextAsync() is var received ? $"{received.Method} {received.Path}" : string.Empty;
}

public sealed class TextWebhookNotifierTests : NotifierCompliance
{
    private protected override INotifier Make(Uri address, NoticeHttp http) => new TextWebhookNotifier(address, Markdown.Escape, http);

    [Fact]
    public void Nobody_is_called_and_nothing_is_linked() => Assert.Equal("@\u200Ball \\[x\\]\\(http://y\\) \\*\\*b\\*\\*", Markdown.Escape("@all [x](http://y) **b**"));
}

public sealed class TeamsNotifierTests : NotifierCompliance
{
    private protected override INotifier Make(Uri address, NoticeHttp http) => new TeamsNotifier(address, http);

    [Fact]
    public async Task It_is_a_message_with_an_adaptive_card()
    {
        await using var sink = await Sink.StartAsync();
        using var notifier = Make(sink.Address, new NoticeHttp(TimeProvider.System));
        await notifier.SendAsync(s_notice, "hello", s_new, Cancellation);
        var sent = (await sink.NextAsync()).Json;
        Assert.Equal("message", sent.GetProperty("type").GetString());
        var card = sent.GetProperty("attachments")[0];
        Assert.Equal("application/vnd.microsoft.card.adaptive", card.GetProperty("contentType").GetString());
        Assert.Equal("hello", card.GetProperty("content").GetProperty("body")[0].GetProperty("text").GetString());
        Assert.Equal("attention", card.GetProperty("content").GetProperty("body")[0].GetProperty("color").GetString());
    }
}

public sealed class CloudEventNotifierTests : NotifierCompliance
{
    private const string Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private protected override INotifier Make(Uri address, NoticeHttp http) => new CloudEventNotifier(address, "urn:refresh", StandardWebhook.Key(Key), false, http);

    [Fact]
    public void Attributes_are_percent_encoded_as_the_binding_says() => Assert.Equal("Euro%20%E2%82%AC%20%F0%9F%98%80", CloudEventNotifier.Header("Euro € 😀"));

    [Fact]
    public async Task An_event_is_binary_and_signed_with_the_same_id_and_a_fresh_time_for_each_attempt()
    {
        await using var sink = await Sink.StartAsync();
        using var notifier = Make(sink.Address, new NoticeHttp(TimeProvider.System));
        await notifier.SendAsync(s_notice, "hello", s_new, Cancellation);
        await notifier.SendAsync(s_notice, "hello", s_new, Cancellation);
        foreach (var sent in new[] { await sink.NextAsync(), await sink.NextAsync() })
        {
            Assert.Equal(("1.0", "refresh.run.failed", "r1-3", "urn:refresh", "2026-11-23T03:00:00.000Z", "r1"), (sent.Headers["ce-specversion"], sent.Headers["ce-type"], sent.Headers["ce-id"], sent.Headers["ce-source"], sent.Headers["ce-time"], sent.Headers["ce-subject"]));
            Assert.Equal("r1-3", sent.Headers["webhook-id"]);
            Assert.True(StandardWebhook.Verify(StandardWebhook.Key(Key)!, "r1-3", sent.Headers["webhook-timestamp"], sent.Body, sent.Headers["webhook-signature"]));
            Assert.Equal("shöp", sent.Json.GetProperty("fleet").GetString());
        }
    }

    [Fact]
    public async Task A_structured_event_is_whole_in_the_body()
    {
        await using var sink = await Sink.StartAsync();
        using var notifier = new CloudEventNotifier(sink.Address, "urn:refresh", null, true, new NoticeHttp(TimeProvider.System));
        await notifier.SendAsync(s_notice, "hello", s_new, Cancellation);
        var sent = await sink.NextAsync();
        Assert.StartsWith("application/cloudevents+json", sent.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(("1.0", "hello"), (sent.Json.GetProperty("specversion").GetString(), sent.Json.GetProperty("data").GetProperty("text").GetString()));
        Assert.False(sent.Headers.ContainsKey("webhook-signature"));
    }
}
