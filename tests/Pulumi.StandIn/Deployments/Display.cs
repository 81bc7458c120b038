using System.Globalization;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Programs;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>What a terminal without colours shows of an update.</summary>
internal sealed class Display(TextWriter output, string stackTitle)
{
    private static readonly Dictionary<string, (string Mark, string Doing, string Done)> Words = new()
    {
        ["create"] = ("+ ", "creating", "created"),
        ["update"] = ("~ ", "updating", "updated"),
        ["delete"] = ("- ", "deleting", "deleted"),
        ["delete-replaced"] = ("--", "deleting original", "deleted original"),
        ["replace"] = ("+-", "replacing", "replaced"),
        ["create-replacement"] = ("++", "creating replacement", "created replacement"),
        ["refresh"] = ("~ ", "refreshing", "refreshed"),
        ["import"] = ("= ", "importing", "imported"),
    };

    private readonly System.Diagnostics.Stopwatch _watch = System.Diagnostics.Stopwatch.StartNew();

    public void Title(string doing, string stack) => output.WriteLine($"{doing} ({stack}):\n");

    public void Show(Step step, StepPhase phase)
    {
        if (!Words.TryGetValue(step.Op, out var words) || step.Type is Types.Stack or Types.Provider)
            return;
        if (phase == StepPhase.Begun)
            _watch.Restart();
        var seconds = _watch.Elapsed.TotalSeconds;
        if (step.Op == "refresh" && phase == StepPhase.Done)
        {
            output.WriteLine($"    {Types.Short(step.Type)} {step.Name}  ");
            return;
        }

        var said = phase switch
        {
            StepPhase.Begun => $"{words.Doing} (0s)",
            StepPhase.Done => string.Create(CultureInfo.InvariantCulture, $"{words.Done} ({(seconds < 1 ? $"{seconds:0.00}" : $"{seconds:0}")}s)"),
            _ => $"**{words.Doing.Split(' ')[0]} failed**",
        };
        var diff = step.Difference is { Diffs.Count: > 0 } difference ? $"[diff: ~{string.Join(',', difference.Diffs)}]" : string.Empty;
        output.WriteLine($" {words.Mark} {Types.Short(step.Type)} {step.Name} {said} {diff}");
    }

    public void End(IReadOnlyList<Diagnostic> diagnostics, JsonObject? outputs, Changes changes, TimeSpan duration)
    {
        output.WriteLine($"    pulumi:pulumi:Stack {stackTitle} {(diagnostics.Any(one => one.Severity == "error") ? " **failed**" : string.Empty)}");
        output.WriteLine("Diagnostics:");
        foreach (var group in diagnostics.GroupBy(one => one.Urn))
        {
            output.WriteLine(group.Key is { } urn ? $"  {Types.Short(urn.Split("::")[2])} ({urn.Split("::")[3]}):" : $"  pulumi:pulumi:Stack ({stackTitle}):");
            foreach (var one in group)
                output.WriteLine($"    {one.Severity}: {one.Text.Replace("\n", "\n    ", StringComparison.Ordinal)}");
            output.WriteLine();
        }

        if (outputs is { Count: > 0 })
            output.WriteLine($"Outputs:\n    {Json.Indented(outputs).Replace("\n", "\n    ", StringComparison.Ordinal)}\n");
        output.WriteLine("Resources:");
        foreach (var (op, mark) in new[] { ("create", "+ {0} created"), ("update", "~ {0} updated"), ("delete", "- {0} deleted"), ("replace", "+-{0} replaced"), ("import", "= {0} imported"), ("same", "{0} unchanged") })
            if (changes.Count(op) is var count and > 0)
                output.WriteLine("    " + string.Format(CultureInfo.InvariantCulture, mark, count));
        if (diagnostics.Count(one => one.Severity == "error") is var errors and > 0)
            output.WriteLine($"    {errors} errored");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nDuration: {Math.Ceiling(duration.TotalSeconds)}s\n"));
    }
}
