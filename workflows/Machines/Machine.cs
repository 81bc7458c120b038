using Stateless;
using Stateless.Graph;

namespace Refresh.Workflows.Machines;

/// <summary>
/// A Stateless machine that only decides: it has no entry or exit actions, and is asked with the state that the journal
/// holds (reference: stateless, pattern). One instance serves one thread, since firing goes through a local slot.
/// </summary>
/// <typeparam name="TState">The states.</typeparam>
/// <typeparam name="TTrigger">The triggers.</typeparam>
internal sealed class Machine<TState, TTrigger>
    where TState : struct, Enum
    where TTrigger : struct, Enum
{
    private readonly string _subject;
    private readonly StateMachine<TState, TTrigger> _machine;
    private TState _state;

    public Machine(string subject, TState initial, Action<StateMachine<TState, TTrigger>> configure)
    {
        _subject = subject;
        _state = initial;
        _machine = new StateMachine<TState, TTrigger>(() => _state, next => _state = next);
        configure(_machine);
    }

    public TState Fire(TState from, TTrigger trigger)
    {
        _state = from;
        if (!_machine.CanFire(trigger, out var unmet))
        {
            var permitted = string.Join(", ", Enum.GetValues<TTrigger>().Where(_machine.CanFire));
            throw new ForbiddenMoveException(_subject, from.ToString(), trigger.ToString(), [.. unmet ?? []], permitted);
        }

        _machine.Fire(trigger);
        return _state;
    }

    public bool CanFire(TState from, TTrigger trigger)
    {
        _state = from;
        return _machine.CanFire(trigger);
    }

    public string ToMermaid() => MermaidGraph.Format(_machine.GetInfo(), MermaidGraphDirection.TopToBottom).ReplaceLineEndings("\n");
}
