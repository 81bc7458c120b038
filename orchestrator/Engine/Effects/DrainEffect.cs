using Polly;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;
using Outcome = Refresh.Workflows.Runs.Outcome;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Applies the pair rule once more to what is so at this moment, then drains, waits until empty and holds out.</summary>
internal sealed class DrainEffect(RunPorts ports, Observer observer, ResiliencePipeline retry)
{
    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(30);

    public async Task<Outcome> CarryOutAsync(Drain intent, EffectContext context, CancellationToken cancellation)
    {
        var member = context.Member(intent.Member);
        var facts = await observer.PairAsync(context.Run.Id, context.PairOf(intent.Member), intent.Member, whole: false, cancellation);
        var verdict = PairRule.MayLeave(facts, ports.Clock.GetUtcNow(), context.Policy.Guard.MaxAge);
        if (!verdict.Allowed)
            return new DrainRefused(facts, verdict.Refusals);

        await context.Fence(cancellation);
        await retry.ExecuteAsync(async token => await ports.Balancer.DrainAsync(member, token), cancellation);
        var left = await EmptyAsync(member, intent, context, cancellation);
        if (left > 0 && context.Policy.Drain.OnTimeout == DrainTimeoutAction.Return)
            return new Failed(new Reason(
                "drain-timeout",
                $"{member.Id} still has {left} open sessions after {context.Policy.Drain.Timeout.TotalSeconds:0.#} s of draining",
                "they end, or `drain.onTimeout: cut` says that they may be cut; then run again"), true);

        // The drain's own time may be up by now; holding out has a bound of its own.
        using var bound = new CancellationTokenSource(s_hold, ports.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.Withdrawn, bound.Token);
        await context.Fence(either.Token);
        var held = await retry.ExecuteAsync(async token => await ports.Balancer.HoldAsync(member, left > 0, token), either.Token);
        return new Drained(facts, held, left);
    }

    /// <summary>The sessions that are left when the member is empty or the time is up: 0 when it was seen empty often enough.</summary>
    private async Task<int> EmptyAsync(Member member, Drain intent, EffectContext context, CancellationToken cancellation)
    {
        var drain = context.Policy.Drain;
        var empty = 0;
        while (true)
        {
            var seen = await retry.ExecuteAsync(async token => await ports.Balancer.ObserveAsync(member, token), cancellation);
            StillDraining(member, seen);
            empty = seen.Sessions == 0 ? empty + 1 : 0;
            if (empty >= drain.EmptyPolls)
                return 0;
            context.Progress.Report(seen.Sessions switch { 0 => $"seen empty {empty} of {drain.EmptyPolls} times", 1 => "1 session left", _ => $"{seen.Sessions} sessions left" });
            if (ports.Clock.GetUtcNow() + drain.Interval >= intent.Deadline)
                return Math.Max(seen.Sessions, 1);
            await Task.Delay(drain.Interval, ports.Clock, cancellation);
        }
    }

    private static void StillDraining(Member member, BalancerFacts seen)
    {
        if (seen.Rotation is Rotation.In or Rotation.Unclear)
            throw new Workflows.Ports.AdapterException(new Reason(
                "drain-undone",
                $"{member.Id} was draining and is not any more: {seen.Detail}",
                "whoever changed the load balancer, by hand or by a reload, is asked; then run again"));
    }
}
