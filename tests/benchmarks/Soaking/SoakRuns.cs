using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Orchestrator.Commands;

namespace Refresh.Benchmarks.Soaking;

/// <summary>Runs one after the other, each to the other image. A run without a killed worker is carried out in this process, so that what it leaves behind is seen.</summary>
internal sealed class SoakRuns(LabExecutable executable, LabClient lab, IReadOnlyList<string> vms, string fleet, string journal, Random random)
{
    private static readonly TimeSpan s_asleep = TimeSpan.FromSeconds(4);
    private string _image = "web@1.0.0";

    /// <summary>One run.</summary>
    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> RunAsync(SoakFault fault)
    {
        _image = _image == "web@1.0.0" ? "web@1.1.0" : "web@1.0.0";
        string[] run = ["run", fleet, "--yes", "--image", _image, "--json", "--journal", journal];
        string[] resume = ["resume", "--json", "--journal", journal];
        switch (fault)
        {
            case SoakFault.Killed or SoakFault.Interrupted:
                using (var worker = Start(run))
                {
                    await LaterAsync();
                    await SignalAsync(worker, fault == SoakFault.Killed ? "KILL" : "INT");
                    await worker.WaitForExitAsync();
                }

                return await UnlessEndedAsync(run, resume);
            case SoakFault.Slept:
                using (var worker = Start(run))
                {
                    await LaterAsync();
                    await SignalAsync(worker, "STOP");
                    await Task.Delay(s_asleep, TimeProvider.System);
                    var failure = await UnlessEndedAsync(run, resume);
                    await SignalAsync(worker, "CONT");
                    await worker.WaitForExitAsync();
                    return failure;
                }

            case SoakFault.CloneFails or SoakFault.CloneSucceedsLate or SoakFault.SlowGuest:
                var kind = fault switch { SoakFault.CloneFails => LabFaultKind.CloneFails, SoakFault.CloneSucceedsLate => LabFaultKind.CloneSucceedsLate, _ => LabFaultKind.Slow };
                await lab.FailAsync(new(vms[random.Next(vms.Count)], kind, 1, kind == LabFaultKind.Slow ? 200 : null), CancellationToken.None);
                return await HereAsync(run);
            default:
                return await HereAsync(run);
        }
    }

    /// <summary>A worker that was struck early has not begun the run, and one that was struck late has ended it.</summary>
    private async Task<string?> UnlessEndedAsync(string[] run, string[] resume)
    {
        var failure = await HereAsync(resume);
        return failure is null ? null
            : failure.Contains("has ended: Succeeded", StringComparison.Ordinal) || failure.Contains("no-run", StringComparison.Ordinal) ? await HereAsync(run)
            : failure;
    }

    private static async Task<string?> HereAsync(string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = await CommandLine.RunAsync(arguments, new InvocationConfiguration { Output = output, Error = output, ProcessTerminationTimeout = null });
        return exitCode == ExitCodes.Done ? null : $"{arguments[0]} ended with exit code {exitCode}:\n{string.Join('\n', output.ToString().Split('\n').TakeLast(4))}";
    }

    private Process Start(string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(executable.FileName, [.. executable.Prefix, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // Nobody reads what it says; a full pipe would stop it.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private Task LaterAsync() => Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 5000)), TimeProvider.System);

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process.Id} 2>/dev/null || true")]);
        await kill.WaitForExitAsync();
    }
}
