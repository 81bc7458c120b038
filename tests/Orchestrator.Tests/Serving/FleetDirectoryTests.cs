using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>Fleet files that come, go and are copied while the service runs.</summary>
public sealed class FleetDirectoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fleet_whose_file_is_gone_is_given_up_with_its_balancer_and_served_again_when_it_is_back()
    {
        await using var served = await ServedLab.StartAsync();
        using var ada = await served.Service.ClientAsync("ada", "admin");
        var port = FreePort();
        var fleet = Regex.Replace(served.Fleet(name: "town"), "haproxy: .*", $$"""yarp: { listen: "127.0.0.1:{{port}}", stateFile: {{served.Service.Folder}}/rotation.json }""");
        await served.WriteAsync(Regex.Replace(fleet, ", server: [^,]*", string.Empty), "town");
        await ServesAsync();
        File.Move(Path.Combine(served.Service.Fleets, "town.yaml"), Path.Combine(served.Service.Folder, "town"));
        await LabFixture.UntilAsync(async () => (await ada.GetAsync("/v1/fleets/town")).Status == 404);
        await LabFixture.UntilAsync(() => Task.FromResult(!IsListening(port)));
        File.Move(Path.Combine(served.Service.Folder, "town"), Path.Combine(served.Service.Fleets, "town.yaml"));
        await ServesAsync();

        async Task ServesAsync()
        {
            await ada.UntilAsync("/v1/fleets", fleets => fleets.GetProperty("items").GetArrayLength() == 2);
            await ada.UntilAsync("/v1/fleets/town/members/web-1/a", member => member.GetProperty("serves").GetBoolean());
            Assert.True(IsListening(port));
        }
    }

    [Fact]
    public async Task A_copy_of_a_fleet_file_takes_nothing_over_and_is_told_to_all_who_see_the_fleet()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "viewer@lab");
        // It sorts before the other.
        await served.WriteAsync(served.Fleet(), "lab-backup");
        await ToldAsync();
        await served.Service.StopAsync();
        Assert.Single(await File.ReadAllLinesAsync(served.Service.LogPath, Cancellation), line => line.Contains("lab-backup.yaml: fleet lab is described by", StringComparison.Ordinal));
        await served.Service.StartAsync();
        await ToldAsync();
        File.Delete(Path.Combine(served.Service.Fleets, "lab-backup.yaml"));
        await ada.UntilAsync("/v1/fleets/lab", fleet => fleet.GetProperty("mistakes").GetArrayLength() == 0);
        Assert.Equal("required", (await ada.GetAsync("/v1/fleets/lab")).Json.GetProperty("approval").GetString());

        async Task ToldAsync()
        {
            var fleet = await ada.UntilAsync("/v1/fleets/lab", fleet => fleet.GetProperty("mistakes").GetArrayLength() > 0);
            Assert.Contains("lab-backup.yaml: fleet lab is described by", fleet.GetProperty("mistakes")[0].GetString(), StringComparison.Ordinal);
            Assert.Equal(("required", "lab.yaml"), (fleet.GetProperty("approval").GetString(), Path.GetFileName(fleet.GetProperty("file").GetString())));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsListening(int port) =>
        System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(endpoint => endpoint.Port == port);
}
