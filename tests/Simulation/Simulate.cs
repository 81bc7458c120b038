using System.Diagnostics;
using System.Globalization;
using Refresh.Simulation.Bugs;
using Refresh.Simulation.Faults;

namespace Refresh.Simulation;

/// <summary>The command: plays seeds and prints what came of it.</summary>
internal static class Simulate
{
    private const int Broken = 1;
    private const int Usage = 2;

    /// <summary>Plays seeds; one that breaks a promise is shrunk and printed as a timeline.</summary>
    public static int Seeds(int seeds, int from, TextWriter output, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var many = Playing.All(Enumerable.Range(from, seeds).Select(seed => new Setting(seed)), 10, cancellation);
        watch.Stop();
        output.WriteLine(many.Coverage.Table());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{many.Seeds:N0} seeds from {from}, {many.Coverage.Strikes:N0} faults, {many.Steps:N0} steps, {many.Time.TotalDays:N1} days of virtual time in {watch.Elapsed.TotalSeconds:0.0} s: {many.Seeds / watch.Elapsed.TotalSeconds:N0} seeds per second"));
        if (many.Broken.Count == 0)
            return 0;
        foreach (var (setting, broken) in many.Broken)
            output.WriteLine($"seed {setting.Seed}: {broken}");
        output.WriteLine();
        output.WriteLine(Story(many.Broken[0].Setting));
        return Broken;
    }

    /// <summary>A failing seed, shrunk and told as a timeline.</summary>
    public static string Story(Setting setting)
    {
        var small = Shrinking.Shrink(setting);
        var played = Playing.One(small);
        return $"{played.Timeline}\nseed {setting.Seed}, shrunk to at most {small.MaxPairs} pairs and {played.Coverage.Strikes} faults: {played.Broken}";
    }

    /// <summary>Plants each bug, and says after how many seeds it was found, in the table that docs/reliability.md shows.</summary>
    public static int Bugs(string name, int seeds, int from, TextWriter output, CancellationToken cancellation)
    {
        var planted = BugList.All.Where(bug => bug.Name.StartsWith(name, StringComparison.Ordinal)).ToList();
        if (planted.Count == 0)
        {
            output.WriteLine($"No bug's name begins with '{name}'. There are: {string.Join(", ", BugList.All.Select(bug => bug.Name))}.");
            return Usage;
        }

        output.WriteLine("| Bug | Seeds | What broke |\n|---|---:|---|");
        var missed = 0;
        foreach (var bug in planted)
        {
            var found = Hunt.For(bug, from, seeds, cancellation);
            missed += found is null ? 1 : 0;
            output.WriteLine($"| {Words(bug.Name)} | {found?.Seeds.ToString(CultureInfo.InvariantCulture) ?? "never"} | {found?.Broken ?? $"not found; it was to break {bug.Promise}"} |");
        }

        output.WriteLine();
        output.WriteLine($"{planted.Count - missed} of {planted.Count} planted bugs found within {seeds} seeds each");
        return missed == 0 ? 0 : Broken;
    }

    private static string Words(string name) => string.Concat(name.Select((letter, place) => place > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));

    /// <summary>Plays one calm fleet, and measures it.</summary>
    public static int Wide(int seed, int pairs, int atOnce, TextWriter output)
    {
        var wide = Wideness.Measure(seed, pairs, atOnce);
        output.WriteLine(wide.ToString());
        return wide is { Broken: null, Ended: Workflows.Machines.RunState.Succeeded } ? 0 : Broken;
    }
}
