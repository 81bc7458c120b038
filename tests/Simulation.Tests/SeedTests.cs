using System.Globalization;
using Refresh.Simulation.Faults;
using Refresh.Simulation.Proof;
using Refresh.Workflows.Machines;
using Xunit;

namespace Refresh.Simulation.Tests;

public sealed class SeedTests(ITestOutputHelper output)
{
    /// <summary>More seeds are asked for with REFRESH_SEEDS; a single one with REFRESH_SEED.</summary>
    private static readonly int s_seeds = Number("REFRESH_SEEDS", 2_000);

    [Fact]
    public void No_seed_breaks_a_promise_and_every_fault_strikes_where_it_hurts()
    {
        var only = Number("REFRESH_SEED", -1);
        var seeds = only >= 0 ? Enumerable.Range(only, 1) : Enumerable.Range(0, s_seeds);
        var many = Playing.All(seeds.Select(seed => new Setting(seed)), 5, TestContext.Current.CancellationToken);
        output.WriteLine(many.Coverage.Table());

        Assert.True(many.Broken.Count == 0, string.Join('\n', [
            .. many.Broken.Select(each => $"seed {each.Setting.Seed}: {each.Broken}"),
            many.Broken.Count > 0 ? Simulate.Story(many.Broken[0].Setting) : null]));
        if (only < 0 && s_seeds >= 2_000)
            Assert.Empty(Missing(many.Coverage));
    }

    [Fact]
    public void A_seed_replays_exactly()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var (first, again) = (Playing.One(new Setting(seed)), Playing.One(new Setting(seed)));
            Assert.Equal(first.Timeline.ToString(), again.Timeline.ToString());
            Assert.Equal((first.Steps, first.Time), (again.Steps, again.Time));
        }
    }

    [Fact]
    public void A_failing_seed_is_shrunk_to_what_it_takes()
    {
        var setting = new Setting(Hunted()) { Bug = new Bugs.NothingProved() };
        var small = Shrinking.Shrink(setting);
        Assert.NotNull(Playing.One(small).Broken);
        Assert.True(Playing.One(small).Coverage.Strikes <= Playing.One(setting).Coverage.Strikes);
        Assert.Contains("promise 2", Simulate.Story(setting), StringComparison.Ordinal);
    }

    private static int Hunted() => Bugs.Hunt.For(Bugs.BugList.All.Single(bug => bug.Bug is Bugs.NothingProved), 0, 200, TestContext.Current.CancellationToken)!.Value.Seeds - 1;

    /// <summary>Every fault, every end of a run, and the cells of the table that crashes and dying peers are about.</summary>
    private static IEnumerable<string> Missing(Coverage coverage)
    {
        MemberState[] working = [MemberState.Guarding, MemberState.Draining, MemberState.Rebuilding, MemberState.Verifying, MemberState.Rejoining, MemberState.Returning, MemberState.PoweringOff, MemberState.Soaking];
        Fault[] anywhere = [Fault.WorkerKilled, Fault.WorkerStopped, Fault.SecondWorker, Fault.Asked, Fault.JournalSlow, Fault.JournalUnavailable, Fault.CallLost, Fault.AnswerLost, Fault.AnswerSlow];
        return
        [
            .. Enum.GetValues<Fault>().Where(fault => coverage.Of(fault) == 0).Select(fault => $"{fault} never struck"),
            .. from fault in anywhere from state in working where coverage.Of(fault, state) == 0 select $"{fault} never struck a member that was {state}",
            .. Enum.GetValues<RunState>().Where(RunMachine.IsFinal).Where(state => coverage.Of($"run ended {state}") == 0).Select(state => $"no run ended {state}"),
        ];
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
