using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Watches members until a time has come, or until one of them was bad several looks in a row.</summary>
internal sealed class WatchEffect(RunPorts ports, Observer observer)
{
    public Task<Outcome> SoakAsync(Soak intent, EffectContext context, CancellationToken cancellation) =>
        WatchAsync([context.Member(intent.Member)], intent.Until, context.Policy.Soak.Interval, context.Policy.Soak.BadLooks, context, cancellation);

    public Task<Outcome> BakeAsync(Bake intent, EffectContext context, CancellationToken cancellation) =>
        WatchAsync([.. context.PairOf(intent.Member).Members().Where(member => !context.Run.Get(member.Id).PoweredOff)], intent.Until, context.Policy.Soak.Interval, context.Policy.Soak.BadLooks, context, cancellation);

    public Task<Outcome> PeerAsync(WatchPeer intent, EffectContext context, CancellationToken cancellation) =>
        intent.PeerIsBad
            ? RecoveryAsync(context.PairOf(intent.Member).PeerOf(intent.Member), context, cancellation)
            : WatchAsync([context.PairOf(intent.Member).PeerOf(intent.Member)], DateTimeOffset.MaxValue, context.Policy.Watch.Interval, context.Policy.Watch.BadLooks, context with { Progress = Silent.Instance }, cancellation);

    /// <summary>Waits until a member is well again: as many good looks in a row as bad ones were needed.</summary>
    private async Task<Outcome> RecoveryAsync(Member member, EffectContext context, CancellationToken cancellation)
    {
        var goodInARow = 0;
        for (var looks = 1; ; looks++)
        {
            await Task.Delay(context.Policy.Watch.Interval, ports.Clock, cancellation);
            var seen = await observer.ServingAsync(member, cancellation);
            var good = !PairRule.Serving(member, seen, ports.Clock.GetUtcNow(), context.Policy.Guard.MaxAge).Any();
            goodInARow = good ? goodInARow + 1 : 0;
            if (goodInARow >= context.Policy.Watch.BadLooks)
                return new Watched([], [seen], looks);
        }
    }

    private async Task<Outcome> WatchAsync(IReadOnlyList<Member> members, DateTimeOffset until, TimeSpan interval, int badLooks, EffectContext context, CancellationToken cancellation)
    {
        var countdown = new Countdown(until, context.Decided, ports.Clock);
        var badInARow = 0;
        for (var looks = 1; ; looks++)
        {
            var seen = await Task.WhenAll(members.Select(member => observer.ServingAsync(member, cancellation)));
            var now = ports.Clock.GetUtcNow();
            var bad = members.Zip(seen).SelectMany(each => PairRule.Serving(each.First, each.Second, now, context.Policy.Guard.MaxAge)).ToList();
            badInARow = bad.Count > 0 ? badInARow + 1 : 0;
            if (badInARow >= badLooks || (countdown.Left <= TimeSpan.Zero && bad.Count == 0))
                return new Watched(bad, seen, looks);
            context.Progress.Report(Progress(countdown.Left, bad));
            await Task.Delay(countdown.Left is { Ticks: > 0 } left && left < interval ? left : interval, ports.Clock, cancellation);
        }
    }

    private static string Progress(TimeSpan left, List<Reason> bad) =>
        bad.Count > 0 ? bad[0].Text : $"watched for {Math.Max(0, left.TotalSeconds):0} s more";

    private sealed class Silent : IProgress<string>
    {
        public static readonly Silent Instance = new();

        public void Report(string value)
        {
        }
    }
}
