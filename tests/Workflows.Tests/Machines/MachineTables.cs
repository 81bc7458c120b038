using System.Text;
using Refresh.Workflows.Machines;

namespace Refresh.Workflows.Tests.Machines;

/// <summary>Asks a machine about every state and every trigger, and writes down what is permitted.</summary>
internal static class MachineTables
{
    public static string Of<TState, TTrigger>(Func<TState, TTrigger, TState> fire)
        where TState : struct, Enum
        where TTrigger : struct, Enum
    {
        var table = new StringBuilder();
        foreach (var state in Enum.GetValues<TState>())
        {
            table.Append(state).Append('\n');
            foreach (var (trigger, to) in Moves(state, fire))
                table.Append("    ").Append(trigger.ToString().PadRight(14)).Append("-> ").Append(to).Append('\n');
        }

        return table.ToString();
    }

    public static IReadOnlyList<(TTrigger Trigger, TState To)> Moves<TState, TTrigger>(TState from, Func<TState, TTrigger, TState> fire)
        where TState : struct, Enum
        where TTrigger : struct, Enum
    {
        var moves = new List<(TTrigger, TState)>();
        foreach (var trigger in Enum.GetValues<TTrigger>())
        {
            try
            {
                moves.Add((trigger, fire(from, trigger)));
            }
            catch (ForbiddenMoveException)
            {
                // Not permitted: not in the table.
            }
        }

        return moves;
    }

    public static IReadOnlySet<TState> Reachable<TState, TTrigger>(TState start, Func<TState, TTrigger, TState> fire)
        where TState : struct, Enum
        where TTrigger : struct, Enum
    {
        var reached = new HashSet<TState> { start };
        var toVisit = new Queue<TState>(reached);
        while (toVisit.TryDequeue(out var state))
        {
            foreach (var (_, to) in Moves(state, fire).Where(move => reached.Add(move.To)))
                toVisit.Enqueue(to);
        }

        return reached;
    }
}
