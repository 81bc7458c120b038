using CliWrap;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>
/// One process of <c>pulumi</c>, in a session of its own. It writes to files: were it to write to this process, it would die with
/// it in the midst of a rebuild. SIGINT is asked first, so that it ends what it is at and releases its lock; the kill that comes
/// last takes the whole session, since hosts and providers have process groups of their own.
/// </summary>
internal sealed class PulumiProcess(string command, string directory, PulumiEnvironment environment, TimeProvider clock)
{
    private const string Redirected = "exec \"$@\" >\"$REFRESH_OUTPUT\" 2>\"$REFRESH_ERRORS\" </dev/null";

    private static readonly string? s_setsid = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

    /// <exception cref="OperationCanceledException">It was asked to stop, and has ended.</exception>
    /// <exception cref="AdapterException">It took longer than it may, and was ended.</exception>
    public async Task<Completion> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var files = Directory.CreateTempSubdirectory("refresh-pulumi-");
        try
        {
            var (output, errors) = (Path.Combine(files.FullName, "output"), Path.Combine(files.FullName, "errors"));
            using var late = invocation.Timeout is { } timeout ? new CancellationTokenSource(timeout, clock) : new CancellationTokenSource();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
            var exitCode = await EndAsync(Command(invocation, output, errors), invocation, stop.Token);
            if (exitCode is { } ended)
                return new(invocation, ended, await ReadAsync(output), await ReadAsync(errors));
            cancellation.ThrowIfCancellationRequested();
            throw Failures.TooSlow(invocation);
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    /// <summary>The exit code; null when it was stopped.</summary>
    private async Task<int?> EndAsync(Command command, Invocation invocation, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var execution = command.ExecuteAsync(CancellationToken.None, stop);
        try
        {
            await using var killing = stop.UnsafeRegister(_ => _ = KillLaterAsync(execution, invocation.StopTimeout), null);
            return (await execution).ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task KillLaterAsync(CommandTask<CommandResult> execution, TimeSpan grace)
    {
        var session = execution.ProcessId;
        await Task.WhenAny(execution.Task, Task.Delay(grace, clock, CancellationToken.None));
        if (!execution.Task.IsCompleted)
            Processes.KillSession(session);
    }

    private Command Command(Invocation invocation, string output, string errors)
    {
        string[] shell = ["/bin/sh", "-c", Redirected, "sh", command, .. invocation.Arguments];
        var wrapped = s_setsid is null ? global::CliWrap.Cli.Wrap(shell[0]).WithArguments(shell[1..]) : global::CliWrap.Cli.Wrap(s_setsid).WithArguments(["--", .. shell]);
        return wrapped
            .WithWorkingDirectory(directory)
            .WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(variables =>
            {
                foreach (var (name, value) in environment.Variables)
                    variables.Set(name, value);
                variables.Set(PulumiEnvironment.Mark, PulumiEnvironment.MarkOf(directory, invocation.Stack)).Set("REFRESH_OUTPUT", output).Set("REFRESH_ERRORS", errors);
            });
    }

    private static async Task<string> ReadAsync(string file) => File.Exists(file) ? await File.ReadAllTextAsync(file) : string.Empty;
}
