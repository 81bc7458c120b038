using System.Diagnostics;
using System.Globalization;
using Refresh.EndToEnd.Tests.Stage;
using Refresh.Orchestrator.Tests.Journals;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary>Promise 5: without a journal nothing is done. What is said names the file, the cause and what to do; the run goes on when the journal can be written.</summary>
public sealed class DiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_that_fills_up_in_mid_run_stops_the_run_and_it_goes_on_when_there_is_space()
    {
        await using var stage = await LabStage.StartAsync(cloneMs: 1000);
        using var disk = SmallDisk.Mount(mebibytes: 8);
        stage.Journal = Path.Combine(disk.Path, "journal.db");
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using (var run = stage.Run(stage.Fleet))
        {
            await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
            disk.Fill();
            await SaysAsync(run, "the disk, or the quota on it, is full", stage.Journal);
        }

        using (var refused = stage.Refresh("resume"))
            await refused.EndsWithAsync(7);
        Assert.Empty(await stage.ClonesAsync("web-1-b"));
        disk.Free();
        await GoesOnAsync(stage, attendance, before);
    }

    [Fact]
    public async Task A_disk_that_is_read_only_is_named_and_the_run_goes_on_when_it_is_writable()
    {
        await using var stage = await LabStage.StartAsync();
        using var disk = SmallDisk.Mount(mebibytes: 8);
        stage.Journal = Path.Combine(disk.Path, "journal.db");
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using (var run = stage.Run(stage.Fleet))
        {
            await run.UntilAsync(happened => happened is OutcomeRecorded { Outcome: Drained });
            run.Kill();
        }

        disk.MakeReadOnly();
        using (var refused = stage.Refresh("resume"))
            await SaysAsync(refused, "it cannot be opened for writing", stage.Journal);
        disk.MakeWritable();
        await GoesOnAsync(stage, attendance, before);
    }

    /// <summary>A limit on the size of files makes every write fail that would make one longer: SQLite reports an I/O error, not a full disk.</summary>
    [Fact]
    public async Task An_IO_error_in_mid_run_stops_the_run_and_it_goes_on_when_the_disk_is_well()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit"), "prlimit is not installed.");
        await using var stage = await LabStage.StartAsync(cloneMs: 1000);
        var before = await stage.MachinesAsync();
        await using var attendance = await stage.AttendAsync();
        using (var run = stage.Run(stage.Fleet))
        {
            await run.UntilAsync(happened => happened is IntentRecorded { Intent: Rebuild });
            using var limit = Process.Start("prlimit", ["--pid", run.Pid.ToString(CultureInfo.InvariantCulture), "--fsize=4096"]);
            await limit.WaitForExitAsync(Cancellation);
            Assert.Equal(0, limit.ExitCode);
            await SaysAsync(run, "the disk or the system reported an error", stage.Journal);
        }

        Assert.Empty(await stage.ClonesAsync("web-1-b"));
        await GoesOnAsync(stage, attendance, before);
    }

    private static async Task SaysAsync(RefreshProcess process, string why, string journal)
    {
        await process.EndsWithAsync(7);
        Assert.Contains(why, process.Output, StringComparison.Ordinal);
        Assert.Contains(journal, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    private static async Task GoesOnAsync(LabStage stage, Attendance attendance, IReadOnlyDictionary<string, LabStage.Machine> before)
    {
        using var resume = stage.Refresh("resume", "--json");
        await resume.EndsWithAsync(0);
        await attendance.UnharmedAsync();
        await stage.AllAreNewAsync(before, "1.1.0");
        Assert.Single(await stage.ClonesAsync("web-1-a"));
    }
}
