using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>A release on GitHub while a run is going: it supersedes as an image that is found in the catalogue does.</summary>
public sealed class PublishedImageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_replaces_the_run_that_is_going_but_not_before_the_gates_let_it_pass_and_takes_nothing_back()
    {
        await using var sink = await Sink.StartAsync();
        await using var served = await ServedLab.StartAsync("required", settings: Hooks.Settings(("notifications:ops:to", "cloudevents"), ("notifications:ops:url", sink.Address.ToString()), ("notifications:ops:events:0", "image.*")));
        using var hooks = new Hooks(() => served.Service.Address);
        using var ada = await served.Service.ClientAsync("ada", "viewer");
        var images = new ImageSettings(served.Lab.Facts.Images);
        await CatalogueImages.ApproveAsync(images, "1.1.0");
        await served.WriteAsync(served.Fleet("required") + "imagePolicy: { approvals: 1 }\ntriggers: { superseding: replace }\n");
        await LabFixture.UntilAsync(() => Task.FromResult(served.Service.Provider.GetService(typeof(Orchestrator.Serving.Hosting.RunsWorker)) is Orchestrator.Serving.Hosting.RunsWorker worker && worker.Desk("lab").Definition.Triggers.Superseding == Superseding.Replace));

        await ReleaseAsync(hooks, "1.1.0");
        var first = (await ada.UntilAsync("/v1/runs", runs => runs.GetProperty("items").GetArrayLength() == 1)).GetProperty("items")[0].GetProperty("run").GetString()!;
        await CatalogueImages.BuildAsync(images, "1.1.0", "1.2.0");
        await ReleaseAsync(hooks, "1.2.0");
        await RefusedAsync(sink, "has 0 of 1 approvals");
        Assert.Equal("AwaitingApproval", (await ada.GetAsync($"/v1/runs/{first}/head")).Json.GetProperty("state").GetString());

        await CatalogueImages.ApproveAsync(images, "1.2.0");
        await ReleaseAsync(hooks, "1.2.0");
        var runs = await ada.UntilAsync("/v1/runs", runs => runs.GetProperty("items").GetArrayLength() == 2);
        var second = runs.GetProperty("items")[0].GetProperty("run").GetString()!;
        Assert.Equal("Cancelled", (await ada.GetAsync($"/v1/runs/{first}/head")).Json.GetProperty("state").GetString());
        var planned = (RunPlanned)(await served.Service.Journal.ReadAsync(second, 0, Cancellation).FirstAsync(Cancellation)).Event;
        Assert.Equal(("webhook images", "webhook images", $"release v1.2.0 of acme/images was published, and replaces web@1.1.0 of run {first}"), (planned.By, planned.From, planned.Why));

        await ReleaseAsync(hooks, "1.1.0");
        await RefusedAsync(sink, $"run {second} is to web@1.2.0, which is no older");
    }

    private static async Task ReleaseAsync(Hooks hooks, string version) =>
        (await hooks.GitHubAsync("release", new { action = "published", release = new { tag_name = $"v{version}" }, repository = new { full_name = "acme/images" } })).Is(202);

    private static async Task RefusedAsync(Sink sink, string why)
    {
        var told = await sink.NextAsync(received => received.Headers["ce-type"] == "refresh.image.refused");
        Assert.Contains(why, told.Json.GetProperty("text").GetString(), StringComparison.Ordinal);
    }
}
