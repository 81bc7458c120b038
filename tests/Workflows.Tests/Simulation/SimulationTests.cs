using System.Globalization;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Tests.Machines;
using Xunit;

namespace Refresh.Workflows.Tests.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>More seeds are asked for with REFRESH_SEEDS; a single one with REFRESH_SEED.</summary>
    private static readonly int s_seeds = Number("REFRESH_SEEDS", 2_000);

    [Fact]
    public void No_seed_breaks_a_promise_and_every_fault_strikes()
    {
        var tally = new Tally();
        var only = Number("REFRESH_SEED", -1);
        var seeds = only >= 0 ? Enumerable.Range(only, 1) : Enumerable.Range(0, s_seeds);
        var broken = seeds.AsParallel().Select(seed => (Seed: seed, Simulation: new Simulation(seed, tally)))
            .Select(play => (play.Seed, play.Simulation, Broken: Play(play.Simulation)))
            .Where(play => play.Broken is not null)
            .OrderBy(play => play.Seed)
            .ToList();
        output.WriteLine(tally.ToString());

        Assert.True(broken.Count == 0, string.Join('\n', [
            $"{broken.Count} seeds break a promise:",
            .. broken.Take(10).Select(play => $"seed {play.Seed}: {play.Broken!.Message}"),
            broken.FirstOrDefault().Simulation?.Log.ToString(),
            broken.FirstOrDefault().Broken?.StackTrace]));
        if (only < 0 && s_seeds >= 2_000)
        {
            Assert.Empty(tally.Missing(Enum.GetNames<Fault>().Select(fault => $"fault {fault}")));
            Assert.Empty(tally.Missing(Moves()));
            Assert.Empty(tally.Missing(Enum.GetValues<RunState>().Where(RunMachine.IsFinal).Select(state => $"run ended {state}")));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_journal()
    {
        for (var seed = 0; seed < 50; seed++)
            Assert.Equal(Written(seed), Written(seed));
    }

    /// <summary>Every move that a machine permits: one that no seed takes is one that nobody needs.</summary>
    private static IEnumerable<string> Moves() =>
    [
        .. Enum.GetValues<RunState>().SelectMany(from => MachineTables.Moves<RunState, RunTrigger>(from, (state, trigger) => RunMachine.Fire(state, trigger, false)).Select(move => $"run {from} {move.Trigger}")),
        .. Enum.GetValues<PairState>().SelectMany(from => MachineTables.Moves<PairState, PairTrigger>(from, PairMachine.Fire).Select(move => $"pair {from} {move.Trigger}")),
        .. Enum.GetValues<MemberState>().SelectMany(from => MachineTables.Moves<MemberState, MemberTrigger>(from, (state, trigger) => MemberMachine.Fire(state, trigger, false)).Select(move => $"member {from} {move.Trigger}")),
    ];

    private static string Written(int seed)
    {
        var simulation = new Simulation(seed, new Tally());
        Play(simulation);
        return simulation.Log.Written();
    }

    private static Exception? Play(Simulation simulation)
    {
        try
        {
            simulation.Play();
            return null;
        }
        catch (Exception broken) when (broken is BrokenPromiseException or InvalidOperationException or ArgumentException or KeyNotFoundException)
        {
            return broken;
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
