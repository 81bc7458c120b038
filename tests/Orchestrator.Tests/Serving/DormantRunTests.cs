using Refresh.Lab.Client;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>Members that are powered off, in a lab of real processes behind a real HAProxy.</summary>
public sealed class DormantRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_that_is_off_is_rebuilt_proved_and_off_again_and_its_peer_is_left()
    {
        await using var served = await ServedLab.StartAsync();
        await served.Lab.EndAsync(await served.Lab.Client.PowerAsync("web-1-a", PowerAction.Off, Cancellation));
        await served.WriteAsync(served.Fleet() + "dormant: refresh\n");
        using var ada = await served.Service.ClientAsync("ada", "operator");
        await LabFixture.UntilAsync(async () => (await ada.PostAsync("/v1/plans", new { fleet = "lab" })).Json.GetProperty("rebuilds").GetInt32() == 1);

        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString();
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
        var vm = (await served.Lab.Client.FindAsync("web-1-a", Cancellation))!;
        Assert.Equal((LabPower.Off, "web@1.1.0"), (vm.Power, vm.Image));
        Assert.Equal("web@1.0.0", (await served.Lab.Client.FindAsync("web-1-b", Cancellation))!.Image);
        Assert.Equal("Out", (await ada.GetAsync("/v1/fleets/lab/members/web-1/a")).Json.GetProperty("observed").GetProperty("balancer").GetProperty("rotation").GetString());
        var bundle = BundleCheckup.Check(System.Text.Encoding.UTF8.GetBytes((await ada.GetAsync($"/v1/runs/{run}/evidence/bundle")).Is(200).Body), null);
        Assert.True(bundle.Holds, bundle.Fault?.Detail);
        Assert.Equal("nothing-to-do", (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(200).Json.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("leave", 200)]
    [InlineData("refuse", 409)]
    public async Task A_member_that_is_off_is_left_or_the_run_is_refused_as_the_fleet_says(string dormant, int status)
    {
        await using var served = await ServedLab.StartAsync();
        await served.Lab.EndAsync(await served.Lab.Client.PowerAsync("web-1-a", PowerAction.Off, Cancellation));
        await served.WriteAsync(served.Fleet() + $"dormant: {dormant}\n");
        using var ada = await served.Service.ClientAsync("ada", "operator");
        await LabFixture.UntilAsync(async () => (await ada.PostAsync("/v1/plans", new { fleet = "lab" })).Body is var plan && (plan.Contains("left so", StringComparison.Ordinal) || plan.Contains("member-dormant", StringComparison.Ordinal)));
        (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(status);
    }
}
