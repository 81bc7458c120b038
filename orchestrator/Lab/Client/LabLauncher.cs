using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Refresh.Lab.Cloud;

namespace Refresh.Lab.Client;

/// <summary>Starts and stops a lab as a process of its own, which outlives the one that started it.</summary>
public static class LabLauncher
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(15);

    /// <summary>Starts a lab, or says why it did not start.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="executable">The program that can be a lab.</param>
    /// <param name="cancellation">Ends the wait, and the lab if it is not ready by then.</param>
    /// <returns>The facts of the lab, every guest of which answers.</returns>
    /// <exception cref="LabException">The lab ended before it was ready; code and text are its own.</exception>
    public static async Task<LabFacts> StartAsync(LabOptions options, LabExecutable executable, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(executable);
        // Its output is a pipe that nobody reads once it is ready; what it has to say later, it says over HTTP.
        using var process = Process.Start(executable.Start(["serve", .. Arguments(options)]))!;
        process.StandardInput.Close();
        try
        {
            var told = await process.StandardOutput.ReadLineAsync(cancellation);
            if (told is not null && !told.StartsWith('{'))
                return LabClient.Facts(options.Directory);
            throw await FailureAsync(process, told, cancellation);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            throw;
        }
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
            return new FileStream(new LabOptions(directory).Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new LabException("lab-running", 409, $"A lab runs in {directory} already.", "use it, or stop it with: refresh lab down", e);
        }
    }

    /// <summary>A lab that does not come up says why in one line of JSON; one that says nothing has fallen over.</summary>
    private static async Task<LabException> FailureAsync(Process process, string? told, CancellationToken cancellation)
    {
        var error = (await process.StandardError.ReadToEndAsync(cancellation)).Trim();
        await process.WaitForExitAsync(cancellation);
        return told is not null && JsonSerializer.Deserialize(told, LabJson.Default.LabProblem) is { } problem
            ? new LabException(problem.Code, problem.Status, problem.Detail, problem.Next)
            : new LabException("lab-not-started", 500, $"The lab ended before it was ready: {error}", "mend that, and start it again; nothing was left running");
    }

    /// <summary>Ends a lab that is not ready yet in its own order, so that nothing of it is left.</summary>
    private static async Task EndAsync(Process process)
    {
        Unix.Terminate(process.Id);
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(s_end, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            process.Kill();
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
            "--balancer", options.Balancer.ToString(),
            "--haproxy-nodes", options.HAProxyNodes.ToString(CultureInfo.InvariantCulture),
            "--clone-delay", Duration.Write(options.CloneDelay),
            "--boot-delay", Duration.Write(options.BootDelay),
            "--stop-bound", Duration.Write(options.StopBound),
            "--lifetime", Duration.Write(options.Lifetime),
        ];
        if (options.Port is { } port)
            arguments = arguments.Concat(["--port", port.ToString(CultureInfo.InvariantCulture)]);
        return options.Subnet is null ? arguments : arguments.Concat(["--subnet", options.Subnet]);
    }
}
