using Microsoft.Extensions.DependencyInjection;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Commands;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Triggers;

/// <summary>Runs that start by themselves, end to end: the real service, a lab behind HAProxy, a calendar and a catalogue in files.</summary>
public sealed class TriggerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_window_that_opens_proposes_a_run_which_begins_when_it_is_approved()
    {
        await using var served = await ServedLab.StartAsync();
        using var ada = await served.Service.ClientAsync("ada", "operator", "approver");
        await served.WriteAsync(served.Fleet() + await WindowAsync(served, TimeSpan.FromSeconds(2), "propose"));

        var told = await ada.UntilAsync("/v1/fleets/lab/windows", windows => windows.GetProperty("last") is { ValueKind: System.Text.Json.JsonValueKind.Object } last && last.GetProperty("outcome").GetString() == "Begun");
        Assert.Equal("Propose", told.GetProperty("start").GetString());
        var run = told.GetProperty("last").GetProperty("run").GetString()!;
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "AwaitingApproval");
        var planned = (RunPlanned)(await served.Service.Journal.ReadAsync(run, 0, Cancellation).FirstAsync(Cancellation)).Event;
        Assert.Equal(("schedule", null), (planned.By, planned.From));
        Assert.Matches(@"^patch window \w{3} [\d-]+ [\d:]+ \+\d\d:\d\d to ", planned.Why);
        (await ada.PostAsync($"/v1/runs/{run}/approve")).Is(200);
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");

        await served.Service.StopAsync();
        await served.Service.StartAsync();
        Assert.Equal(run, (await ada.GetAsync("/v1/fleets/lab/windows")).Is(200).Json.GetProperty("last").GetProperty("run").GetString());
        using var cli = new Cli();
        var said = await cli.ExecuteAsync([("REFRESH_SERVER", served.Service.Address.ToString()), ("REFRESH_TOKEN", ada.Token!)], "windows", "lab");
        Assert.Contains("A patch window is open until", said.Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_in_which_something_stands_in_the_way_says_what()
    {
        await using var served = await ServedLab.StartAsync();
        using var ada = await served.Service.ClientAsync("ada", "operator");
        await served.WriteAsync(served.Fleet().Replace("approval: none", "imagePolicy: { approvals: 1 }", StringComparison.Ordinal) + await WindowAsync(served, TimeSpan.FromSeconds(1), "run"));
        var told = await ada.UntilAsync("/v1/fleets/lab/windows", windows => windows.GetProperty("last") is { ValueKind: System.Text.Json.JsonValueKind.Object } last && last.GetProperty("outcome").GetString() == "Refused");
        Assert.Contains("web@1.1.0 has 0 of 1 approvals", told.GetProperty("last").GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_approved_image_starts_a_run_and_a_newer_one_replaces_what_has_not_begun()
    {
        await using var served = await ServedLab.StartAsync(pairs: 2, cloneMs: 1000, settings: ("imagesEvery", "100ms"));
        using var ada = await served.Service.ClientAsync("ada", "viewer");
        var images = new ImageSettings(served.Lab.Facts.Images);
        await served.WriteAsync(served.Fleet().Replace("image: web@1.1.0", "image: web", StringComparison.Ordinal).Replace("approval: none", "imagePolicy: { approvals: 1 }", StringComparison.Ordinal)
            + "triggers: { onNewImage: run, superseding: replace }\n");
        await LabFixture.UntilAsync(async () => await served.Service.Provider.GetRequiredService<TriggerStore>().FindAsync("lab", TriggerKind.Image, Cancellation) is { Subject: "no image" });

        await CatalogueImages.ApproveAsync(images, "1.1.0");
        var first = await RunToAsync(ada, "web@1.1.0");
        await ada.UntilAsync($"/v1/runs/{first}", status => status.GetProperty("underWay").GetArrayLength() > 0);
        await CatalogueImages.BuildAsync(images, "1.1.0", "1.2.0");
        await CatalogueImages.ApproveAsync(images, "1.2.0");
        var second = await RunToAsync(ada, "web@1.2.0");
        await ada.UntilAsync($"/v1/runs/{second}", status => status.GetProperty("state").GetString() == "Succeeded");

        Assert.Equal("Cancelled", (await ada.GetAsync($"/v1/runs/{first}")).Is(200).Json.GetProperty("state").GetString());
        var cancel = (await served.Service.Journal.ReadAsync(first, 0, Cancellation).ToListAsync(Cancellation)).Select(entry => entry.Event).OfType<RequestAnswered>().Single();
        Assert.Equal((RequestKind.Cancel, "catalogue", "web@1.2.0 is new in the catalogue, and replaces web@1.1.0", null), (cancel.Request.Kind, cancel.Request.By, cancel.Request.Why, cancel.Refusal));
        var planned = (RunPlanned)(await served.Service.Journal.ReadAsync(second, 0, Cancellation).FirstAsync(Cancellation)).Event;
        Assert.Equal(("catalogue", $"web@1.2.0 is new in the catalogue, and replaces web@1.1.0 of run {first}"), (planned.By, planned.Why));
    }

    private static async Task<string> RunToAsync(ApiClient client, string image)
    {
        var runs = await client.UntilAsync("/v1/runs?fleet=lab", runs => runs.GetProperty("items").EnumerateArray().Any(run => run.GetProperty("image").GetString() == image));
        return runs.GetProperty("items").EnumerateArray().Single(run => run.GetProperty("image").GetString() == image).GetProperty("run").GetString()!;
    }

    /// <summary>A window of an hour in a calendar, and what a fleet file says of it.</summary>
    private static async Task<string> WindowAsync(ServedLab served, TimeSpan ahead, string start)
    {
        var begin = DateTimeOffset.UtcNow + ahead;
        var calendar = Path.Combine(served.Service.Fleets, "windows.ics");
        await File.WriteAllTextAsync(calendar, string.Join("\r\n", "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Refresh//Test//EN", "BEGIN:VEVENT", "UID:1", $"DTSTAMP:{begin:yyyyMMdd'T'HHmmss'Z'}", $"DTSTART:{begin:yyyyMMdd'T'HHmmss'Z'}", $"DTEND:{begin.AddHours(1):yyyyMMdd'T'HHmmss'Z'}", "END:VEVENT", "END:VCALENDAR", ""), Cancellation);
        return $"windows:\n  timeZone: Europe/Stockholm\n  open:\n    - calendar: {{ file: windows.ics }}\n  start: {start}\n";
    }
}
