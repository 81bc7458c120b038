using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Applies the pair rule once more to what is so at this moment, then drains, waits until empty and holds out.</summary>
internal sealed class DrainEffect(RunPorts ports, Observer observer, BalancerCommands commands)
{
    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(30);

    public async Task<Outcome> CarryOutAsync(Drain intent, EffectContext context, CancellationToken cancellation)
    {
        var member = context.Member(intent.Member);
        var facts = await observer.PairAsync(context.Run.Id, context.PairOf(intent.Member), intent.Member, whole: false, cancellation);
        var verdict = PairRule.MayLeave(context.PairOf(intent.Member), facts, ports.Clock.GetUtcNow(), context.Policy.Guard.MaxAge);
        if (!verdict.Allowed)
            return new DrainRefused(facts, verdict.Refusals);
        // Only of one that is known to have served is it known that it may go back when its peer goes bad.
        if (facts.Member.Serves && context.Run.Get(intent.Member).Before is { Serves: false })
            return new DrainRefused(facts, [new Reason("member-changed", $"{member.Id} serves, and did not when its drain was decided", $"{member.Id} is looked at again")]);

        await commands.GiveAsync(token => ports.Balancer.DrainAsync(member, token), context.Fence, cancellation);
        var left = await EmptyAsync(member, intent, context, cancellation);
        if (left is not null && context.Policy.Drain.OnTimeout == DrainTimeoutAction.Return)
            return new Failed(new Reason(
                "drain-timeout",
                $"{member.Id} was not seen empty in {context.Policy.Drain.Timeout.TotalSeconds:0.#} s of draining: {left}",
                "what is open ends, or `drain.onTimeout: cut` says that it may be cut; then run again"), true);

        // The drain's own time may be up by now; holding out has a bound of its own.
        using var bound = new CancellationTokenSource(s_hold, ports.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.Withdrawn, bound.Token);
        var held = await commands.GiveAsync(token => ports.Balancer.HoldAsync(member, left is not null, token), context.Fence, either.Token);
        return new Drained(facts, held, left?.Sessions ?? 0);
    }

    /// <summary>Looks until the member was seen empty often enough (null), or the time is up: then what is left. A look that fails is made again.</summary>
    private async Task<Left?> EmptyAsync(Member member, Drain intent, EffectContext context, CancellationToken cancellation)
    {
        var drain = context.Policy.Drain;
        var countdown = new Countdown(intent.Deadline, context.Decided, ports.Clock);
        var left = new Left(1, null);
        var empty = 0;
        try
        {
            while (true)
            {
                var unread = new List<Reason>();
                var seen = await Observer.ReadAsync(() => ports.Balancer.ObserveAsync(member, cancellation), unread);
                StillDraining(member, seen);
                empty = seen is { Sessions: 0 } ? empty + 1 : 0;
                if (empty >= drain.EmptyPolls)
                    return null;
                left = seen is null ? left with { Unread = unread[0] } : new Left(Math.Max(seen.Sessions, 1), null);
                context.Progress.Report(empty > 0 ? $"seen empty {empty} of {drain.EmptyPolls} times" : left.ToString());
                if (countdown.Left <= drain.Interval)
                    return left;
                await Task.Delay(drain.Interval, ports.Clock, cancellation);
            }
        }
        catch (OperationCanceledException) when (!context.Withdrawn.IsCancellationRequested)
        {
            // A look that hangs ends with the time.
            return left;
        }
    }

    private static void StillDraining(Member member, BalancerFacts? seen)
    {
        if (seen is { Rotation: Rotation.In or Rotation.Unclear })
            throw new Workflows.Ports.AdapterException(new Reason(
                "drain-undone",
                $"{member.Id} was draining and is not any more: {seen.Detail}",
                "whoever changed the load balancer, by hand or by a reload, is asked; then run again"));
    }

    /// <summary>What is left of a member's work when its time is up.</summary>
    /// <param name="Sessions">Sessions seen last; one where none was ever read.</param>
    /// <param name="Unread">Why the last look failed; null when it did not.</param>
    private sealed record Left(int Sessions, Reason? Unread)
    {
        public override string ToString() => Unread is { } why ? $"what is left could not be read, {why.Text}" : Counted.Of(Sessions, "session left", "sessions left");
    }
}
