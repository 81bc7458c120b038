using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>Over the API: who may let an image pass a gate, and who may leave patch windows out of account.</summary>
public sealed class ImageApiTests
{
    private static readonly object[] s_override = [new { gate = "approvals", reason = "it burns" }];

    private static readonly object?[] s_none = [null];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gate_is_overridden_by_an_approver_whom_the_policy_names_and_by_nobody_else()
    {
        await using var served = await ServedLab.StartAsync();
        await served.WriteAsync(served.Fleet().Replace("approval: none", "imagePolicy: { approvals: 1, approvers: [grace] }", StringComparison.Ordinal));
        using var ada = await served.Service.ClientAsync("ada", "operator");
        using var bob = await served.Service.ClientAsync("bob", "operator", "approver");
        using var grace = await served.Service.ClientAsync("grace", "operator", "approver");
        using var namesake = await served.Service.ClientAsync("grace", "operator");
        await ada.UntilAsync("/v1/fleets/lab", _ => true);
        Reply refused = null!;
        await Lab.LabFixture.UntilAsync(async () => (refused = await ada.PostAsync("/v1/plans", new { fleet = "lab" })).Is(200).Json.GetProperty("obstacles").GetArrayLength() > 0);
        Assert.Contains("has 0 of 1 approvals", refused.Body, StringComparison.Ordinal);

        (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Refused(409, "plan-obstacles");
        (await ada.PostAsync("/v1/runs", new { fleet = "lab", overrides = s_override })).Refused(403, "role-missing");
        (await grace.PostAsync("/v1/plans", new { fleet = "lab", overrides = s_none })).Refused(400, "invalid-request");
        (await namesake.PostAsync("/v1/plans", new { fleet = "lab", overrides = s_override })).Refused(403, "role-missing");
        var unnamed = (await bob.PostAsync("/v1/runs", new { fleet = "lab", overrides = s_override })).Refused(409, "plan-obstacles");
        Assert.Contains("bob may not override the gate approvals", unnamed.Body, StringComparison.Ordinal);
        Assert.Empty((await grace.PostAsync("/v1/plans", new { fleet = "lab", overrides = s_override })).Is(200).Json.GetProperty("obstacles").EnumerateArray());
        var run = (await grace.PostAsync("/v1/runs", new { fleet = "lab", overrides = s_override })).Is(201).Json.GetProperty("run").GetString();
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
        foreach (var (format, type) in new[] { ("text", "text/plain; charset=utf-8"), ("html", "text/html; charset=utf-8"), ("json", "application/json; charset=utf-8") })
        {
            var report = (await ada.GetAsync($"/v1/runs/{run}/report?format={format}")).Is(200);
            Assert.Equal(type, report.Header("Content-Type"));
            Assert.Contains("it burns", report.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_run_waits_for_its_window_or_goes_outside_of_windows_with_a_reason()
    {
        await using var served = await ServedLab.StartAsync();
        await served.WriteAsync(served.Fleet() + $"windows:\n  timeZone: Europe/Stockholm\n  open:\n    - cron: {{ at: \"0 2 1 {(DateTime.UtcNow.Month + 5) % 12 + 1} *\", duration: 1h }}\n");
        using var ada = await served.Service.ClientAsync("ada", "operator");
        await ada.UntilAsync("/v1/fleets/lab/windows", windows => windows.GetProperty("windows").GetArrayLength() > 0);
        var waits = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json;
        var first = waits.GetProperty("run").GetString();
        var status = await ada.UntilAsync($"/v1/runs/{first}", run => run.GetProperty("state").GetString() == "Waiting");
        Assert.Contains("window", status.GetProperty("waits")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        (await ada.PostAsync($"/v1/runs/{first}/cancel", new { why = "now" })).Is(200);
        await ada.UntilAsync($"/v1/runs/{first}", run => run.GetProperty("state").GetString() == "Cancelled");

        (await ada.PostAsync("/v1/runs", new { fleet = "lab", outsideWindows = true })).Refused(400, "invalid-request");
        (await ada.PostAsync("/v1/runs", new { fleet = "lab", outsideWindows = true, why = " " })).Refused(400, "invalid-request");
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab", outsideWindows = true, why = "it burns" })).Is(201).Json.GetProperty("run").GetString()!;
        await ada.UntilAsync($"/v1/runs/{run}", state => state.GetProperty("state").GetString() == "Succeeded");
        var planned = (RunPlanned)(await served.Service.Journal.ReadAsync(run, 0, Cancellation).FirstAsync(Cancellation)).Event;
        Assert.True(planned.OutsideWindows);
        Assert.Equal(("ada", "it burns"), (planned.By, planned.Why));
    }

    [Fact]
    public async Task A_run_that_waits_goes_on_with_the_fleet_file_as_it_is_now()
    {
        await using var served = await ServedLab.StartAsync();
        await served.WriteAsync(served.Fleet() + $"windows:\n  timeZone: Europe/Stockholm\n  open:\n    - cron: {{ at: \"0 2 1 {(DateTime.UtcNow.Month + 5) % 12 + 1} *\", duration: 1h }}\n");
        using var ada = await served.Service.ClientAsync("ada", "operator");
        await ada.UntilAsync("/v1/fleets/lab/windows", windows => windows.GetProperty("windows").GetArrayLength() > 0);
        var run = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json.GetProperty("run").GetString();
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Waiting");
        await served.WriteAsync(served.Fleet());
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");
    }

    [Fact]
    public async Task What_is_asked_of_a_run_right_after_its_start_is_not_too_early()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "operator", "approver");
        var begun = (await ada.PostAsync("/v1/runs", new { fleet = "lab" })).Is(201).Json;
        Assert.Equal("AwaitingApproval", begun.GetProperty("state").GetString());
        (await ada.PostAsync($"/v1/runs/{begun.GetProperty("run").GetString()}/approve")).Is(200);
    }
}
