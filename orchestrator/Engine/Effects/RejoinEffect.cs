using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Puts a member back in rotation. It may be given again without harm, and a member that is out costs capacity: it is tried until the deadline.</summary>
internal sealed class RejoinEffect(RunPorts ports)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    public async Task<Outcome> CarryOutAsync(Rejoin intent, EffectContext context, CancellationToken cancellation)
    {
        var member = context.Member(intent.Member);
        var countdown = new Countdown(intent.Deadline, context.Decided, ports.Clock);
        while (true)
        {
            try
            {
                return new Rejoined(await ports.Balancer.RejoinAsync(member, context.Fence, cancellation));
            }
            catch (AdapterException failure) when (countdown.Left > s_pause)
            {
                context.Progress.Report(failure.Reason.Text);
                await Task.Delay(s_pause, ports.Clock, cancellation);
            }
        }
    }
}
