using Polly;
using Polly.Retry;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Gives balancer commands again that failed: each may be given again without harm and is read back. Each time the worker proves that it still owns the fleet. Nothing else is retried.</summary>
internal sealed class BalancerCommands(TimeProvider clock)
{
    private readonly ResiliencePipeline _retry = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<AdapterException>(),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(250),
            BackoffType = DelayBackoffType.Exponential,
        })
        .Build();

    public async Task<T> GiveAsync<T>(Func<CancellationToken, Task<T>> command, Func<CancellationToken, Task> fence, CancellationToken cancellation)
    {
        // It goes on where it was called, so that the simulation's one thread runs all of it.
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellation);
        try
        {
            return await _retry.ExecuteAsync(static async (context, given) =>
            {
                await given.fence(context.CancellationToken);
                return await given.command(context.CancellationToken);
            }, context, (command, fence));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
