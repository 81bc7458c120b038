using System.CommandLine;
using Refresh.Lab.Commands;

namespace Refresh.Simulation;

/// <summary>The command line of the simulation.</summary>
internal static class SimulateCommand
{
    private const int Usage = 2;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var seeds = Number("--seeds", "How many seeds to play.", 2_000, 1);
        var from = Number("--from", "The first seed.", 0, 0);
        var pairs = Number("--pairs", "Play one calm fleet of so many pairs instead, and measure it.", 0, 0);
        var atOnce = Number("--at-once", "Pairs that this fleet is refreshed at once.", 100, 1);
        var bugs = new Option<bool>("--bugs") { Description = "Plant each bug in turn instead, and say after how many seeds it was found." };
        var bug = new Option<string?>("--bug") { Description = "Plant only the bugs whose names begin so." };
        var root = new RootCommand("Plays the core and the engine in virtual time over a simulated world; one seed decides all that happens.") { seeds, from, pairs, atOnce, bugs, bug };
        root.SetAction((parsed, cancellation) => Task.FromResult(
            parsed.GetValue(pairs) > 0 ? Simulate.Wide(parsed.GetValue(from), parsed.GetValue(pairs), parsed.GetValue(atOnce), output)
            : parsed.GetValue(bugs) || parsed.GetValue(bug) is not null ? Simulate.Bugs(parsed.GetValue(bug) ?? string.Empty, parsed.GetValue(seeds), parsed.GetValue(from), output, cancellation)
            : Simulate.Seeds(parsed.GetValue(seeds), parsed.GetValue(from), output, cancellation)));
        var asked = root.Parse(args);
        if (asked.Errors.Count == 0)
            return await asked.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        foreach (var mistake in asked.Errors)
            await error.WriteLineAsync(mistake.Message);
        return Usage;
    }

    private static Option<int> Number(string name, string description, int byDefault, int least) =>
        new Option<int>(name) { Description = description, DefaultValueFactory = _ => byDefault }.Between(least, int.MaxValue, value => $"{name} is {value}; it can be {least} and more.");
}
