using Refresh.Workflows.Machines;
using Xunit;

namespace Refresh.Simulation.Tests;

public sealed class WideTests(ITestOutputHelper output)
{
    [Fact]
    public void A_large_fleet_is_refreshed_a_hundred_pairs_at_once_and_none_starves()
    {
        var wide = Wideness.Measure(1, pairs: 600, atOnce: 100);
        output.WriteLine(wide.ToString());
        Assert.Null(wide.Broken);
        Assert.Equal(RunState.Succeeded, wide.Ended);
        Assert.Equal(100, wide.MostPairsOut);
        Assert.True(wide.LongestPair < TimeSpan.FromMinutes(5), $"a pair took {wide.LongestPair}");
    }
}
