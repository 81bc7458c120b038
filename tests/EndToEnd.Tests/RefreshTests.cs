using Refresh.EndToEnd.Tests.Stage;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>The main job.</summary>
public sealed class RefreshTests
{
    [Fact]
    public async Task A_fleet_is_refreshed_under_load_with_not_one_failed_request_and_then_there_is_nothing_to_do()
    {
        await using var stage = await LabStage.StartAsync(pairs: 2);
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.EndsWithAsync(0);

        await attendance.UnharmedAsync();
        Assert.All(before.Keys, vm => Assert.True(attendance.Rotation.WasOut(vm)));
        await stage.AllAreNewAsync(before, "1.1.0");

        var refreshed = await stage.MachinesAsync();
        using var again = stage.Run(stage.Fleet);
        await again.EndsWithAsync(0);
        Assert.Contains("NothingToDo", again.Output, StringComparison.Ordinal);
        Assert.Equal(refreshed.Values.Select(vm => vm.Id), (await stage.MachinesAsync()).Values.Select(vm => vm.Id));
    }
}
