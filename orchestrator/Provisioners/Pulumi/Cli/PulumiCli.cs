using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>Runs <c>pulumi</c>, within the bounds of this process and the limits of its fleet.</summary>
internal sealed class PulumiCli(PulumiProcess process, ProcessBounds bounds, PulumiLimits limits)
{
    /// <summary>Runs it to its end, whatever the exit code.</summary>
    /// <exception cref="AdapterException">It could not be started, or took longer than it may.</exception>
    public async Task<Completion> RunAsync(Invocation invocation, IProgress<string>? progress, CancellationToken cancellation)
    {
        var completion = await WithinBudgetAsync(invocation, progress, cancellation);
        return completion.ExitCode is 126 or 127 ? throw Failures.NotStarted(completion) : completion;
    }

    /// <summary>Runs it, and takes any exit code but 0 for a failure.</summary>
    /// <exception cref="AdapterException">It failed.</exception>
    public async Task<Completion> SucceedAsync(Invocation invocation, IProgress<string>? progress, CancellationToken cancellation)
    {
        var completion = await RunAsync(invocation, progress, cancellation);
        return completion.Succeeded ? completion : throw Failures.Of(completion);
    }

    private async Task<Completion> WithinBudgetAsync(Invocation invocation, IProgress<string>? progress, CancellationToken cancellation)
    {
        using var place = invocation.Engine
            ? await bounds.Engines.EnterAsync(limits.Processes, limits.MemoryMiB, told => progress?.Report(told), cancellation)
            : await bounds.Readers.EnterAsync(limits.Processes, null, _ => { }, cancellation);
        return await process.RunAsync(invocation, cancellation);
    }
}
