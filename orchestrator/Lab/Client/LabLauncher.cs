using System.Diagnostics;
using System.Globalization;
using Refresh.Lab.Cloud;

namespace Refresh.Lab.Client;

/// <summary>Starts and stops a lab as a process of its own, which outlives the one that started it.</summary>
public static class LabLauncher
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts a lab, or says why it did not start.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="executable">The program that can be a lab.</param>
    /// <param name="cancellation">Ends the wait, and the lab if it is not ready by then.</param>
    /// <returns>The facts of the lab, every guest of which answers.</returns>
    /// <exception cref="LabException">The lab ended before it was ready; the text is its own.</exception>
    public static async Task<LabFacts> StartAsync(LabOptions options, LabExecutable executable, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(executable);
        // Its output is a pipe that nobody reads once it is ready; what it has to say later, it says over HTTP.
        using var process = Process.Start(executable.Start(["serve", .. Arguments(options)]))!;
        process.StandardInput.Close();
        try
        {
            if (await process.StandardOutput.ReadLineAsync(cancellation) is null)
                throw new LabException("lab-not-started", 500, (await process.StandardError.ReadToEndAsync(cancellation)).Trim(), "nothing was left running");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
        return LabClient.Facts(options.Directory);
    }

    /// <summary>Stops the lab of a directory and waits until it has ended.</summary>
    /// <param name="directory">The lab's directory.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LabException">No lab runs there.</exception>
    public static async Task StopAsync(string directory, TimeProvider time, CancellationToken cancellation)
    {
        using var client = LabClient.Of(directory);
        await client.ShutdownAsync(cancellation);
        while (IsLocked(directory))
            await Task.Delay(Poll, time, cancellation);
    }

    internal static FileStream Lock(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, "lab.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new LabException("lab-running", 409, $"A lab runs in {directory} already.", "use it, or stop it with: refresh lab down", e);
        }
    }

    private static bool IsLocked(string directory)
    {
        try
        {
            using var free = Lock(directory);
            return false;
        }
        catch (LabException)
        {
            return true;
        }
    }

    private static IEnumerable<string> Arguments(LabOptions options)
    {
        IEnumerable<string> arguments =
        [
            "--dir", Path.GetFullPath(options.Directory),
            "--pairs", options.Pairs.ToString(CultureInfo.InvariantCulture),
            "--port", options.Port.ToString(CultureInfo.InvariantCulture),
            "--balancer", options.Balancer.ToString(),
            "--haproxy-nodes", options.HAProxyNodes.ToString(CultureInfo.InvariantCulture),
            "--clone-delay", Duration.Write(options.CloneDelay),
            "--boot-delay", Duration.Write(options.BootDelay),
            "--stop-bound", Duration.Write(options.StopBound),
            "--lifetime", Duration.Write(options.Lifetime),
        ];
        return options.Subnet is null ? arguments : arguments.Concat(["--subnet", options.Subnet]);
    }
}
