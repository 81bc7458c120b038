using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>Runs <c>pulumi</c>, within the budget.</summary>
internal sealed class PulumiCli(PulumiProcess process, EngineBudget budget, int mostReaders) : IDisposable
{
    private readonly SemaphoreSlim _readers = new(mostReaders);

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

    public void Dispose() => _readers.Dispose();

    private async Task<Completion> WithinBudgetAsync(Invocation invocation, IProgress<string>? progress, CancellationToken cancellation)
    {
        if (invocation.Engine)
        {
            using var place = await budget.EnterAsync(told => progress?.Report(told), cancellation);
            return await process.RunAsync(invocation, cancellation);
        }

        await _readers.WaitAsync(cancellation);
        try
        {
            return await process.RunAsync(invocation, cancellation);
        }
        finally
        {
            _readers.Release();
        }
    }
}
