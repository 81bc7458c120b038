using Refresh.EndToEnd.Tests.Stage;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Gates of the image before a run, and an image that is revoked while one goes on.</summary>
public sealed class ImageTests
{
    [Fact]
    public async Task A_gate_that_refuses_keeps_a_run_from_beginning_until_somebody_overrides_it_with_a_reason()
    {
        await using var stage = await LabStage.StartAsync();
        var before = await stage.MachinesAsync();
        Policy(stage, "signature: required");
        var file = stage.Write(stage.Fleet);
        foreach (var command in new[] { "doctor", "plan" })
        {
            using var looking = stage.Refresh(command, file);
            await looking.EndsWithAsync(4);
            Assert.Contains("web@1.1.0 is not signed", looking.Output, StringComparison.Ordinal);
        }

        using (var refused = stage.Refresh("run", file, "--yes"))
            await refused.EndsWithAsync(4);
        using (var unreasoned = stage.Refresh("run", file, "--yes", "--override", "signature"))
            await unreasoned.EndsWithAsync(4);
        Assert.Equal(before.Values.Select(vm => vm.Id), (await stage.MachinesAsync()).Values.Select(vm => vm.Id));

        using var run = stage.Refresh("run", file, "--yes", "--override", "signature", "--reason", "the key is on its way");
        await run.EndsWithAsync(0);
        Assert.Contains("OVERRIDDEN", run.Output, StringComparison.Ordinal);
        await stage.AllAreNewAsync(before, "1.1.0");
        var page = Path.Combine(stage.Lab.Directory, "report.html");
        using var report = stage.Refresh("report", "--html", page);
        await report.EndsWithAsync(0);
        Assert.Contains("<span class=\"badge bad\">overridden</span>", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_image_stops_its_run_at_the_next_safe_step_and_is_named_where_it_runs()
    {
        await using var stage = await LabStage.StartAsync(pairs: 2, cloneMs: 1500);
        await using var attendance = await stage.AttendAsync();
        using var run = stage.Run(stage.Fleet);
        await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
        using (var revoke = stage.Refresh("image", "revoke", "web@1.1.0", "--reason", "CVE-2026-9", "--images", stage.Lab.Facts.Images))
        {
            await revoke.EndsWithAsync(0);
            Assert.Contains("stops at its next safe step", revoke.Output, StringComparison.Ordinal);
        }

        await run.EndsWithAsync(1);
        Assert.Single(run.Events.OfType<ImageRevoked>());
        Assert.Single(run.Events, happened => happened is IntentRecorded { Intent: Rebuild });
        Assert.All((await attendance.Rotation.NowAsync()).Status.Values, status => Assert.Equal("UP", status));
        await attendance.UnharmedAsync();
        var ended = (await stage.HistoryAsync()).Run;
        Assert.Equal((RunState.Failed, "image-revoked"), (ended.State, ended.Why!.Code));

        var member = run.Events.OfType<IntentRecorded>().First(recorded => recorded.Intent is Rebuild).Intent.Member.ToString();
        foreach (var looking in new[] { stage.Refresh("status"), stage.Refresh("image", "show", "web@1.1.0", "--images", stage.Lab.Facts.Images) })
        {
            using (looking)
            {
                await looking.EndsWithAsync(0);
                Assert.Contains("REVOKED", looking.Output, StringComparison.Ordinal);
                Assert.Contains(member, looking.Output, StringComparison.Ordinal);
            }
        }

        using var again = stage.Refresh("run", stage.Write(stage.Fleet), "--yes");
        await again.EndsWithAsync(4);
        using var back = stage.Refresh("rollback", "--yes");
        await back.EndsWithAsync(0);
        Assert.All(await stage.MachinesAsync(), vm => Assert.Equal("1.0.0", vm.Value.Version));
    }

    private static void Policy(LabStage stage, string text) =>
        File.WriteAllText(Path.Combine(stage.Lab.Facts.Images, "image-policy.yaml"), $"apiVersion: refresh/v1\nkind: ImagePolicy\n{text}\n");
}
