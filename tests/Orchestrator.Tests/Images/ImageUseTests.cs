using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Tests.Commands;
using Refresh.Workflows.Images;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>Where images run, by the journal: by content, and never by a run that a later one has overtaken.</summary>
public sealed class ImageUseTests : IDisposable
{
    private readonly Cli _cli = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_same_content_under_another_name_is_the_same_image()
    {
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue(), "r1");
        var used = await ReadAsync();
        Assert.Equal(2, used.Count);
        Assert.All(used, each => Assert.True(each.Is(new ImageRef("other", "9", ScriptedWorld.New.Digest))));
        Assert.All(used, each => Assert.False(each.Is(ScriptedWorld.Old)));
    }

    [Fact]
    public async Task A_member_whose_last_rebuild_is_not_proved_is_not_said_to_run_what_an_older_run_saw()
    {
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue(), "r1");
        var failed = new ScriptedRun(ScriptedRun.FleetOf(1)) { Instead = (intent, _) => intent is Verify ? new Failed(ScriptedRun.Why("its guest is silent"), false) : null };
        await _cli.StoreAsync(failed.Wait(TimeSpan.FromDays(1)).Begin().Continue(), "r2");
        var touched = Assert.Single(failed.Run.Pairs.Values.SelectMany(pair => pair.Members), member => member.Touched).Id;
        Assert.DoesNotContain(touched, (await ReadAsync()).Select(each => each.Member));
    }

    [Fact]
    public async Task A_run_whose_archive_is_away_hinders_nothing()
    {
        Directory.CreateDirectory(_cli.At("images"));
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue(), "r1");
        await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1)).Wait(TimeSpan.FromDays(1)).Begin().Continue(), "r2");
        var archived = (await _cli.RunAsync("journal", "compact", "--days", "0", "--json")).Ended(ExitCodes.Done).Json;
        Assert.Equal(1, archived.GetProperty("archived").GetArrayLength());
        foreach (var file in Directory.GetFiles(_cli.Folder, "*.jsonl", SearchOption.AllDirectories))
            File.Delete(file);
        (await _cli.RunAsync("image", "list", "--images", _cli.At("images"))).Ended(ExitCodes.Done);
    }

    private async Task<IReadOnlyList<UsedImage>> ReadAsync()
    {
        await using var journal = await SqliteRunJournal.OpenAsync(_cli.Journal, TimeProvider.System, Cancellation);
        return await ImageUse.ReadAsync(journal, Cancellation);
    }
}
