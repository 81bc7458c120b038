using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;

/// <summary>One <c>pulumi up</c>, told of as it goes.</summary>
internal static class Update
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Carries out a plan to its end, or to where a cancellation lets it end.</summary>
    public static async Task<(Completion Completion, UpProgress Heard)> RunAsync(PulumiStack stack, ContractMember member, Target target, string plan, string events, IProgress<string> progress, TimeProvider clock, CancellationToken cancellation)
    {
        var heard = new UpProgress(member, clock);
        using var log = new EventLog(events);
        var run = stack.UpAsync(target, plan, events, progress, cancellation);
        while (!run.IsCompleted)
        {
            foreach (var news in log.News())
                heard.Hear(news);
            progress.Report(cancellation.IsCancellationRequested ? $"stopping: {heard.Words}" : heard.Words);
            await Task.WhenAny(run, Task.Delay(s_interval, clock, CancellationToken.None));
        }

        var completion = await run;
        foreach (var news in log.News())
            heard.Hear(news);
        return (completion, heard);
    }
}
