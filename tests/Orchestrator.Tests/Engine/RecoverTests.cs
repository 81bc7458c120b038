using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Engine;

/// <summary>What became of a rebuild is asked until it is answered, and without the image catalogue.</summary>
public sealed class RecoverTests
{
    [Fact]
    public async Task A_provisioner_that_is_away_is_waited_for_with_the_catalogue_away_too_and_the_wait_says_why()
    {
        var stage = await new WorkerStage().PlanAsync();
        var (catalogueIsAway, rebuilds, tries) = (false, 0, 0);
        stage.World.Finding = () => { if (catalogueIsAway) throw StillWorld.Away("the catalogue"); };
        stage.World.Rebuilding = () =>
        {
            if (Interlocked.Increment(ref rebuilds) > 1)
                return;
            catalogueIsAway = true;
            throw StillWorld.Away("the provisioner");
        };
        stage.World.Recovering = () => { if (Interlocked.Increment(ref tries) < 2) throw StillWorld.Away("the provisioner"); };
        var told = new List<string>();
        var run = await stage.WorkAsync(run =>
        {
            told.AddRange(Waiting.Of(run, new Workflows.Fleets.MemberId("web-1", "a")).Where(reason => reason.Code == "recovering").Select(reason => reason.Text));
            catalogueIsAway &= run.Get(new("web-1", "a")).State != MemberState.Verifying;
        });

        Assert.Equal((RunState.Succeeded, 2, 2), (run.State, tries, rebuilds));
        Assert.Contains(told, text => text.Contains("1 try failed, the last because the provisioner is away", StringComparison.Ordinal));
        Assert.Contains(await stage.FailuresAsync(), reason => reason.Code == "away");
    }

    [Fact]
    public async Task Each_rung_is_in_the_journal_once_although_its_recovery_never_came_to_its_end()
    {
        var stage = await new WorkerStage().PlanAsync();
        var (rebuilds, tries) = (0, 0);
        stage.World.Rungs = ["waiting: ann has the lock", "waiting: ann has the lock", "cleared the lock"];
        stage.World.Rebuilding = () => { if (Interlocked.Increment(ref rebuilds) == 1) throw StillWorld.Away("the provisioner"); };
        stage.World.Recovering = () => { if (Interlocked.Increment(ref tries) == 1) throw StillWorld.Away("the provisioner"); };
        await stage.WorkAsync();
        var events = (await stage.HistoryAsync()).Entries.Select(entry => entry.Event).ToList();
        var climbed = events.OfType<RungClimbed>().Where(rung => rung.Intent == events.OfType<RungClimbed>().First().Intent).Select(rung => rung.Rung);
        Assert.Equal(["waiting: ann has the lock", "cleared the lock"], climbed);
        Assert.True(events.FindIndex(happened => happened is RungClimbed) < events.FindIndex(happened => happened is OutcomeRecorded { Outcome: Recovered }));
    }

    [Fact]
    public async Task A_catalogue_that_is_away_when_a_VM_is_proved_is_asked_again()
    {
        var stage = await new WorkerStage().PlanAsync();
        var (rebuilt, asked) = (false, 0);
        stage.World.Rebuilding = () => rebuilt = true;
        stage.World.Finding = () => { if (rebuilt && Interlocked.Increment(ref asked) < 4) throw StillWorld.Away("the catalogue"); };
        Assert.Equal(RunState.Succeeded, (await stage.WorkAsync()).State);
        Assert.Empty(await stage.FailuresAsync());
    }
}
