using Refresh.Orchestrator.Application;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>What is kept with runs goes with them.</summary>
public sealed class RecordsPruningTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _records = Directory.CreateTempSubdirectory("refresh-records-");

    [Fact]
    public void What_is_old_goes_and_the_latest_of_each_kind_stays()
    {
        string[] files = [Kept("state-1", 100), Kept("state-2", 99), Kept("plan-1", 100), Kept("plan-2", 1), Kept("events-1", 100)];
        Assert.Equal(new Pruned(2, 6), Prune(90));
        Assert.Equal(files[1..2].Concat(files[3..]), files.Where(File.Exists));
    }

    [Fact]
    public void What_is_not_old_enough_stays()
    {
        Kept("state-1", 30);
        Kept("state-2", 29);
        Assert.Equal(new Pruned(0, 0), Prune(90));
    }

    [Fact]
    public void What_belongs_to_a_run_that_is_in_the_journal_stays_however_old_it_is()
    {
        var (ended, other, goesOn) = (Kept("state-1", 100), Kept("state-2", 95), Kept("state-3", 92));
        Kept("state-4", 1);
        Prune(90, Run(101, 99, finished: true), Run(94, 94, finished: false));
        Assert.Equal([true, false, true], new[] { ended, other, goesOn }.Select(File.Exists));
    }

    [Fact]
    public void Where_nothing_was_kept_nothing_is_done() => Assert.Equal(new Pruned(0, 0), new RecordsPruning("/not/there").Prune(s_now, []));

    public void Dispose() => _records.Delete(recursive: true);

    private Pruned Prune(int days, params RunHead[] runs) => new RecordsPruning(_records.FullName).Prune(s_now.AddDays(-days), runs);

    private string Kept(string name, int daysAgo)
    {
        var path = Path.Combine(_records.CreateSubdirectory("vsphere-pair.web-1").FullName, name + ".json");
        File.WriteAllText(path, "abc");
        File.SetLastWriteTimeUtc(path, s_now.AddDays(-daysAgo).UtcDateTime);
        return path;
    }

    private static RunHead Run(int from, int to, bool finished) =>
        new($"r{from}", "shop", "web@1.0.0", finished ? "Succeeded" : "Running", finished, 1, s_now.AddDays(-from), s_now.AddDays(-to));
}
