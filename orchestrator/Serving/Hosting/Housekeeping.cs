using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>Forgets Idempotency-Keys that are old enough.</summary>
internal sealed partial class Housekeeping(AnswerStore answers, TimeProvider clock, ILogger<Housekeeping> logger) : BackgroundService
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        do
        {
            try
            {
                await answers.ForgetAsync(clock.GetUtcNow() - Keep, stoppingToken);
            }
            catch (JournalException fault)
            {
                LogNotNow(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old Idempotency-Keys could not be forgotten: {Why}")]
    private partial void LogNotNow(string why);
}
