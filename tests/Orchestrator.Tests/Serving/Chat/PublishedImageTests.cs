using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Chat.Hooks;
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

    [Fact]
    public async Task An_image_that_something_passing_stands_in_the_way_of_is_tried_again_also_by_the_next_process()
    {
        await using var sink = await Sink.StartAsync();
        await using var served = await ServedLab.StartAsync("required", settings: Hooks.Settings(("notifications:ops:to", "cloudevents"), ("notifications:ops:url", sink.Address.ToString()), ("notifications:ops:events:0", "image.*")));
        using var hooks = new Hooks(() => served.Service.Address);
        using var ada = await served.Service.ClientAsync("ada", "admin");
        var images = new ImageSettings(served.Lab.Facts.Images);
        ((HookWork)served.Service.Provider.GetService(typeof(HookWork))!).TryEvery = TimeSpan.FromMilliseconds(100);
        await ReleaseAsync(hooks, "1.2.0");
        await RefusedAsync(sink, "It is tried again every 10 minutes for a day");
        await CatalogueImages.BuildAsync(images, "1.1.0", "1.2.0");
        var first = (await ada.UntilAsync("/v1/runs", runs => runs.GetProperty("items").GetArrayLength() == 1)).GetProperty("items")[0].GetProperty("run").GetString()!;
        (await ada.PostAsync($"/v1/runs/{first}/cancel")).Is(200);

        ((HookWork)served.Service.Provider.GetService(typeof(HookWork))!).TryEvery = TimeSpan.FromMinutes(10);
        await ReleaseAsync(hooks, "1.3.0");
        await RefusedAsync(sink, "It is tried again");
        await CatalogueImages.BuildAsync(images, "1.1.0", "1.3.0");
        await served.Service.StopAsync();
        await served.Service.StartAsync();
        await ada.UntilAsync("/v1/runs", runs => runs.GetProperty("items").GetArrayLength() == 2);
        var acts = (await ada.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items").EnumerateArray().Where(act => act.GetProperty("act").GetString()!.StartsWith("published", StringComparison.Ordinal));
        Assert.Equal([("published web@1.3.0", 201), ("published web@1.3.0", 502), ("published web@1.2.0", 201), ("published web@1.2.0", 502)], acts.Select(act => (act.GetProperty("act").GetString(), act.GetProperty("status").GetInt32())));
    }

    [Fact]
    public async Task An_image_is_tried_for_a_day_and_then_given_up_and_that_is_told()
    {
        await using var sink = await Sink.StartAsync();
        await using var served = await ServedLab.StartAsync("required", settings: Hooks.Settings(("notifications:ops:to", "cloudevents"), ("notifications:ops:url", sink.Address.ToString()), ("notifications:ops:events:0", "image.*")));
        await new DeliveryStore(served.Service.Journal.Database).TakeAsync(new StoredDelivery("images", "k", "s", """{"account":null,"text":"published web@9.9.9","image":"web@9.9.9","why":"w"}""", "lost", DateTimeOffset.UtcNow.AddDays(-2)), Cancellation);
        await served.Service.StopAsync();
        await served.Service.StartAsync();
        await sink.NextAsync(received => received.Json.GetProperty("text").GetString()!.Contains("It is not tried again", StringComparison.Ordinal));
        await LabFixture.UntilAsync(async () => (await new DeliveryStore(served.Service.Journal.Database).TakeOverAsync("another", Cancellation)).Count == 0);
    }

    [Fact]
    public async Task An_image_of_another_name_than_the_fleets_own_starts_nothing_whoever_signs()
    {
        await using var served = await ServedLab.StartAsync("required", settings: Hooks.Settings(("webhooks:bus:fleets:lab", "start")));
        using var hooks = new Hooks(() => served.Service.Address);
        using var ada = await served.Service.ClientAsync("ada", "admin");
        var refused = (await hooks.StandardAsync(new { type = "image.published", data = new { image = "db@9.0.0" } })).Says("is no image of this fleet, whose file says web");
        Assert.Equal((409, "request-refused"), (refused.Json.GetProperty("status").GetInt32(), refused.Json.GetProperty("code").GetString()));
        (await hooks.StandardAsync(new { type = "image.published", data = new { image = "@9" } })).Says("is no image of this fleet");
        Assert.Empty(await served.Service.Journal.RunsAsync("lab", 5, Cancellation));

        var started = (await hooks.StandardAsync(new { type = "image.published", data = new { image = "web@1.1.0" } })).Says("begun");
        var run = (await served.Service.Journal.RunsAsync("lab", 5, Cancellation)).Single().Run;
        Assert.Equal(run, started.Json.GetProperty("subject").GetString());
        Assert.Equal(run, (await ada.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items")[0].GetProperty("subject").GetString());
    }

    private static async Task ReleaseAsync(Hooks hooks, string version) =>
        (await hooks.GitHubAsync("release", new { action = "published", release = new { tag_name = $"v{version}", id = Guid.NewGuid() }, repository = new { full_name = "acme/images" } })).Is(202);

    private static async Task RefusedAsync(Sink sink, string why)
    {
        var told = await sink.NextAsync(received => received.Headers["ce-type"] == "refresh.image.refused");
        Assert.Contains(why, told.Json.GetProperty("text").GetString(), StringComparison.Ordinal);
    }
}
