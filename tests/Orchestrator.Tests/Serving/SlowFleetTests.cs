using Microsoft.Extensions.DependencyInjection;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>A fleet that answers slowly, beside one that answers at once.</summary>
public sealed class SlowFleetTests
{
    [Fact]
    public async Task A_slow_fleet_holds_up_no_other_and_what_waited_for_it_begins_after_a_restart()
    {
        await using var served = await ServedLab.StartAsync("required", pairs: 2);
        var gate = new Gate(served.Service.Folder);
        await served.WriteAsync(served.Fleet("required", pair: "web-1"));
        await served.WriteAsync(gate.Of(served.Fleet("required", "slow", "web-2")), "slow");
        using var ada = await served.Service.ClientAsync("ada", "admin");
        await ada.UntilAsync("/v1/fleets", fleets => fleets.GetProperty("items").EnumerateArray().Count(fleet => fleet.GetProperty("pairs").GetInt32() == 1) == 2);

        var (quickOrder, quickRun) = await OrderAsync(ada, "lab");
        var (slowOrder, slowRun) = await OrderAsync(ada, "slow");
        gate.Hold();
        (await ada.PostAsync($"/v1/runs/{slowRun}/cancel")).Is(200);
        await gate.HeldUpAsync();
        var worker = served.Service.Provider.GetRequiredService<RunsWorker>();
        var looked = worker.LookedAt;
        (await ada.PostAsync($"/v1/runs/{quickRun}/cancel")).Is(200);
        await ada.UntilAsync($"/v1/runs/{quickOrder}", run => run.GetProperty("state").GetString() == "AwaitingApproval");
        await LabFixture.UntilAsync(() => Task.FromResult(worker.LookedAt > looked));
        Assert.Equal("Waiting", (await ada.GetAsync($"/v1/orders/{slowOrder}")).Json.GetProperty("state").GetString());

        await served.Service.StopAsync();
        gate.Let();
        await served.Service.StartAsync();
        await ada.UntilAsync($"/v1/runs/{slowOrder}", run => run.GetProperty("state").GetString() == "AwaitingApproval");
    }

    /// <summary>A run that waits for approval, and an order behind it.</summary>
    private static async Task<(string Order, string Run)> OrderAsync(ApiClient ada, string fleet)
    {
        var run = (await ada.PostAsync("/v1/runs", new { fleet })).Is(201).Json.GetProperty("run").GetString()!;
        return ((await ada.PostAsync("/v1/runs", new { fleet, ifBusy = "queue" })).Is(202).Json.GetProperty("order").GetString()!, run);
    }
}
