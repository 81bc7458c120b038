using System.Diagnostics;
using Refresh.Lab;

namespace Refresh.Benchmarks.Lab;

/// <summary>What a whole command took, from its start to its exit.</summary>
/// <param name="Elapsed">The time.</param>
/// <param name="Cpu">The time of processors, but for the last half second.</param>
internal sealed record TimedProcess(TimeSpan Elapsed, TimeSpan Cpu)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs a command of Refresh that must succeed.</summary>
    /// <param name="executable">Refresh.</param>
    /// <param name="arguments">The command.</param>
    public static async Task<TimedProcess> RunAsync(LabExecutable executable, IEnumerable<string> arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(executable.FileName, [.. executable.Prefix, .. arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var cpu = TimeSpan.Zero;
        // What an ended process took cannot be asked of it any more.
        while (!output.IsCompleted)
        {
            cpu = process.HasExited ? cpu : process.TotalProcessorTime;
            await Task.WhenAny(output, Task.Delay(s_look, TimeProvider.System));
        }

        await process.WaitForExitAsync();
        watch.Stop();
        return process.ExitCode == 0 ? new(watch.Elapsed, cpu) : throw new InvalidOperationException($"{string.Join(' ', arguments)} failed with exit code {process.ExitCode}:\n{await output}");
    }
}
