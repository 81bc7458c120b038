using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Gives each intent to the effect that carries it out.</summary>
internal sealed class EffectDispatch
{
    private readonly ObserveEffect _observe;
    private readonly DrainEffect _drain;
    private readonly RebuildEffects _rebuild;
    private readonly VerifyEffect _verify;
    private readonly RejoinEffect _rejoin;
    private readonly PowerOffEffect _powerOff;
    private readonly WatchEffect _watch;

    public EffectDispatch(RunPorts ports)
    {
        var observer = new Observer(ports);
        _observe = new ObserveEffect(ports, observer);
        _drain = new DrainEffect(ports, observer, new BalancerCommands(ports.Clock));
        _rebuild = new RebuildEffects(ports, observer);
        _verify = new VerifyEffect(ports);
        _rejoin = new RejoinEffect(ports);
        _powerOff = new PowerOffEffect(ports);
        _watch = new WatchEffect(ports, observer);
    }

    public Task<Outcome> CarryOutAsync(Intent intent, EffectContext context, CancellationToken cancellation) => intent switch
    {
        Observe observe => _observe.CarryOutAsync(observe, context, cancellation),
        Drain drain => _drain.CarryOutAsync(drain, context, cancellation),
        Preview preview => _rebuild.PreviewAsync(preview, context, cancellation),
        Rebuild rebuild => _rebuild.RebuildAsync(rebuild, context, cancellation),
        Recover recover => _rebuild.RecoverAsync(recover, context, cancellation),
        Verify verify => _verify.CarryOutAsync(verify, context, cancellation),
        Rejoin rejoin => _rejoin.CarryOutAsync(rejoin, context, cancellation),
        PowerOff off => _powerOff.CarryOutAsync(off, context, cancellation),
        Soak soak => _watch.SoakAsync(soak, context, cancellation),
        WatchPeer watch => _watch.PeerAsync(watch, context, cancellation),
        Bake bake => _watch.BakeAsync(bake, context, cancellation),
        _ => throw new InvalidOperationException($"Nothing carries out a {intent.GetType().Name}."),
    };
}
