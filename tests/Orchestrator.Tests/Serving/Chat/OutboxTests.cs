using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Notices;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>The outbox and who empties it, in virtual time.</summary>
public sealed class OutboxTests : IAsyncDisposable
{
    private static readonly Notice s_notice = new("n1", NoticeKind.ImageProposed, NoticeLevel.Warn, "shop", "hello", "ada");
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly string _folder = Directory.CreateTempSubdirectory("refresh-outbox-").FullName;
    private readonly List<IAsyncDisposable> _open = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notice_that_fails_is_tried_again_by_the_schedule_with_the_same_id_and_given_up_after_it()
    {
        await using var sink = await Sink.StartAsync();
        sink.Answer = (500, null);
        var (announcer, outbox) = await StartAsync(sink);
        await announcer.TellAsync(s_notice, Cancellation);
        Assert.Equal("n1", (await sink.NextAsync()).Headers["ce-id"]);
        foreach (var pause in NoticePost.Schedule)
        {
            await LabFixture.UntilAsync(async () => (await outbox.NextAsync("ops", _clock.GetUtcNow(), Cancellation)).Notice is null);
            var began = sink.Count;
            _clock.Advance(pause - TimeSpan.FromSeconds(1));
            Assert.Equal(began, sink.Count);
            await AdvanceUntilAsync(() => sink.Count > began);
            Assert.Equal("n1", (await sink.NextAsync()).Headers["ce-id"]);
        }

        await AdvanceUntilAsync(async () => (await outbox.CountAsync(Cancellation)).SequenceEqual([("ops", "GivenUp", 1L)]));
    }

    [Fact]
    public async Task A_notice_that_waits_outlives_a_restart_and_is_sent_once()
    {
        await using var sink = await Sink.StartAsync();
        sink.Answer = (503, null);
        var (announcer, _) = await StartAsync(sink);
        await announcer.TellAsync(s_notice, Cancellation);
        await sink.NextAsync();
        await CloseAsync();

        sink.Answer = (200, null);
        var (again, outbox) = await StartAsync(sink);
        await again.TellAsync(s_notice, Cancellation);
        await AdvanceUntilAsync(() => sink.Count == 2);
        await AdvanceUntilAsync(async () => (await outbox.CountAsync(Cancellation)).SequenceEqual([("ops", "Sent", 1L)]));
        Assert.Equal(2, sink.Count);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_asked_nothing_more_until_its_settings_are_others()
    {
        await using var sink = await Sink.StartAsync();
        sink.Answer = (410, null);
        var (announcer, outbox) = await StartAsync(sink);
        await announcer.TellAsync(s_notice, Cancellation);
        await sink.NextAsync();
        await LabFixture.UntilAsync(async () => await outbox.CountAsync(Cancellation) is [("ops", "Waiting", 1L)] && await DisabledAsync());
        await announcer.TellAsync(s_notice with { Id = "n2" }, Cancellation);
        await CloseAsync();
        sink.Answer = (200, null);
        await StartAsync(sink, "/new");
        Assert.Equal("/new", (await sink.NextAsync()).Path);
        Assert.Equal("/new", (await sink.NextAsync()).Path);
        Assert.Equal(3, sink.Count);
    }

    [Fact]
    public async Task A_status_that_waits_is_replaced_and_a_channel_gets_only_what_it_wants()
    {
        await using var sink = await Sink.StartAsync();
        var journal = await OpenAsync();
        var outbox = new OutboxStore(journal.Database);
        foreach (var id in new[] { "s1", "s2" })
            await outbox.PutAsync([new StoredNotice(id, "ops", "r1", StoredNotice.Status, $"\"{id}\"", _clock.GetUtcNow())], null, 0, Cancellation);
        Assert.Equal("s2", (await outbox.NextAsync("ops", _clock.GetUtcNow(), Cancellation)).Notice!.Id);
        Assert.Equal([("ops", "Waiting", 1L)], await outbox.CountAsync(Cancellation));

        var wants = new ChannelSettings { Name = "x", Kind = ChannelKind.Teams, Fleets = ["shop"], Level = NoticeLevel.Warn, Events = ["image.*"] };
        Assert.True(wants.Wants(s_notice));
        Assert.False(wants.Wants(s_notice with { Fleet = "lab" }));
        Assert.False(wants.Wants(s_notice with { Level = NoticeLevel.Info }));
        Assert.False(wants.Wants(s_notice with { Kind = NoticeKind.RunFailed }));
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> DisabledAsync()
    {
        var journal = (SqliteRunJournal)_open[0];
        return await journal.Database.ReadAsync(connection => connection.Scalar<long>("SELECT count(*) FROM disabled_channels"), Cancellation) == 1;
    }

    private async Task AdvanceUntilAsync(Func<bool> condition) => await AdvanceUntilAsync(() => Task.FromResult(condition()));

    private async Task AdvanceUntilAsync(Func<Task<bool>> condition) => await LabFixture.UntilAsync(async () =>
    {
        if (await condition())
            return true;
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        return false;
    });

    private async Task<SqliteRunJournal> OpenAsync()
    {
        var journal = await SqliteRunJournal.OpenAsync(Path.Combine(_folder, "journal.db"), _clock, Cancellation);
        _open.Add(journal);
        return journal;
    }

    private async Task<(Announcer Announcer, OutboxStore Outbox)> StartAsync(Sink sink, string path = "/")
    {
        var journal = await OpenAsync();
        var outbox = new OutboxStore(journal.Database);
        var (settings, mistakes) = ServeSettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["fleets"] = _folder,
            ["notifications:ops:to"] = "cloudevents",
            ["notifications:ops:url"] = new Uri(sink.Address, path).ToString(),
        }).Build());
        Assert.Empty(mistakes);
        var redaction = new Redaction();
        var (secrets, _) = await SecretStore.OpenAsync(settings!, redaction, Cancellation);
        var channels = new ChannelList(settings!, secrets, _clock);
        var post = new NoticePost(channels, outbox, redaction, _clock, NullLogger<NoticePost>.Instance);
        await post.StartAsync(Cancellation);
        _open.Add(new Closing(post, channels));
        return (new Announcer(settings!, channels, outbox, redaction, _clock), outbox);
    }

    private async Task CloseAsync()
    {
        foreach (var open in _open.AsEnumerable().Reverse())
            await open.DisposeAsync();
        _open.Clear();
    }

    private sealed class Closing(NoticePost post, ChannelList channels) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await post.StopAsync(CancellationToken.None);
            post.Dispose();
            channels.Dispose();
        }
    }
}
