using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Workflows.Machines;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh graph</c>: the state machines as Mermaid diagrams, drawn from the machines themselves.</summary>
internal static class GraphCommand
{
    private static readonly (string Name, string Title, string About, Func<string> Draw)[] s_machines =
    [
        ("run", "Run", "One refresh of a fleet to one golden image.", RunMachine.ToMermaid),
        ("pair", "Pair", "Two members that back each other, refreshed one at a time.", PairMachine.ToMermaid),
        ("member", "Member", "One VM. What is guarded by \"on its way back\" happens on a rollback.", MemberMachine.ToMermaid),
    ];

    public static Command Create()
    {
        var which = new Argument<string?>("machine") { Description = "Which one; all of them if none is named.", Arity = ArgumentArity.ZeroOrOne };
        which.AcceptOnlyFromAmong([.. s_machines.Select(machine => machine.Name)]);
        var markdown = new Option<bool>("--markdown") { Description = "Print the page docs/machines.md." };
        var command = new Command("graph", "Print the state machines as Mermaid diagrams.") { which, markdown };
        command.Do(async (context, parsed, _) =>
        {
            var drawn = s_machines.Where(machine => parsed.GetValue(which) is not { } name || name == machine.Name);
            if (context.Json)
                await context.Output.WriteJsonAsync(drawn.ToDictionary(machine => machine.Name, machine => machine.Draw()));
            else
                await context.Output.WriteAsync(parsed.GetValue(markdown) ? Markdown() : string.Join("\n", drawn.Select(machine => machine.Draw().TrimEnd() + "\n")));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The page of docs/ that shows all of them.</summary>
    internal static string Markdown() => string.Concat(s_machines
        .Select(machine => $"\n## {machine.Title}\n\n{machine.About}\n\n```mermaid\n{machine.Draw().Trim()}\n```\n")
        .Prepend("# State machines\n\nDrawn by `refresh graph --markdown` from the machines that decide; a test holds this page equal to them. The names of states and triggers are part of the journal's format.\n"));
}
