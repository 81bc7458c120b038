using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands;

/// <summary>A plan for people: the order of things first, then how long, then what is in the way.</summary>
internal sealed class PlanText(Screen screen, PlannedRun planned, IReadOnlyList<string> unknown)
{
    /// <summary>Writes it.</summary>
    /// <param name="begin">The command that would carry it out.</param>
    public void Write(string begin)
    {
        var image = planned.Image;
        screen.Line($"Fleet {planned.Fleet.Name} to {image.Ref}");
        screen.Line($"  built {Instants.Full(image.BuiltAt)}{Patches()}; described by {planned.Source}");
        foreach (var line in GateLines.Of(planned.Gates))
            screen.Line($"  {line.Text}", line.Bad ? Shade.Bad : Shade.None);
        foreach (var (wave, place) in planned.Plan.Waves.Select((wave, place) => (wave, place)))
            Wave(wave, place);
        Skipped();
        screen.Line();
        if (planned.Plan.Rebuilds() > 0)
            Totals();
        foreach (var pair in planned.Plan.Pairs().Where(pair => !pair.Members.Any(Serves)))
            screen.Line($"Neither member of {pair.Name} serves: until one does, no member of it may leave rotation, and the pair would be frozen after {Durations.InWords(planned.Fleet.Policy.Guard.Timeout)}.", Shade.Warning);
        foreach (var sentence in unknown)
            screen.Line(sentence, Shade.Soft);
        Obstacles();
        screen.Line(Conclusion(begin));
    }

    private void Wave(PlannedWave wave, int place)
    {
        var name = wave.Canary ? "Canary wave" : $"Wave {place + 1}";
        screen.Line();
        screen.Line($"{name}: {Counted.Of(wave.Pairs.Count, "pair")}{(wave.Bake > TimeSpan.Zero ? $", then watched for {Durations.InWords(wave.Bake)}" : string.Empty)}");
        screen.Table(
            ["MEMBER", "RUNS", "WILL RUN", "WHY"],
            [.. wave.Pairs.SelectMany(pair => pair.Members).Select(member => new Cell[]
            {
                member.Id.ToString(),
                member.Runs ?? "not seen",
                new(member.Rebuild ? planned.Image.Ref.Label : "as it is", member.Rebuild ? Shade.None : Shade.Soft),
                new(Why(member), member.Rebuild ? Shade.None : Shade.Soft),
            })]);
    }

    private string Why(PlannedMember member) => Serves(member) ? member.Why : $"{member.Why}; it does not serve now, and goes first";

    private bool Serves(PlannedMember member) => planned.Observed.GetValueOrDefault(member.Id) is { Serves: true };

    private void Skipped()
    {
        if (planned.Plan.Skipped.Count == 0)
            return;
        screen.Line();
        screen.Line($"Skipped: {Counted.Of(planned.Plan.Skipped.Count, "pair")}, since both members run {planned.Image.Ref.Label} and serve: {string.Join(", ", planned.Plan.Skipped.Select(pair => pair.Name))}");
    }

    private void Totals()
    {
        var atOnce = planned.Fleet.Policy.Waves.MaxPairsAtOnce;
        screen.Line($"{planned.Plan.Rebuilds()} of {planned.Fleet.Members().Count()} members are rebuilt, one of a pair at a time, in {Counted.Of(planned.Plan.Waves.Count, "wave")}, at most {Counted.Of(atOnce, "pair")} at once.");
        screen.Line(planned is { Duration: { } duration, PerMember: { } each }
            ? $"It takes about {Durations.InWords(duration)}, by {Durations.InWords(each)} a member in the last runs of this fleet."
            : $"It takes at least {Durations.InWords(planned.Least)} for soaks and bakes alone; how long a rebuild takes is not known before the first run of this fleet.");
        if (planned.Windows is { } windows)
            screen.Line(new WindowText(windows).Next);
        if (planned.Fleet.Policy.ApprovalRequired)
            screen.Line("A person approves it before anything is touched: `refresh approve`.");
    }

    private void Obstacles()
    {
        if (planned.Obstacles.Count == 0)
            return;
        screen.Line("In the way:", Shade.Bad);
        foreach (var obstacle in planned.Obstacles)
            screen.Line($"  {obstacle.Text} To go on: {obstacle.EndsWhen}.", Shade.Bad);
    }

    private string Conclusion(string begin) => (planned.Obstacles.Count, planned.Plan.Rebuilds()) switch
    {
        ( > 0, _) => "Nothing was changed. A run would be refused; `refresh doctor` tells more.",
        (_, 0) => "Nothing was changed. A run would have nothing to do.",
        _ => $"Nothing was changed. To do it: {begin}",
    };

    private string Patches() => planned.Image.Patches.Count > 0 ? $", with {Counted.Of(planned.Image.Patches.Count, "patch", "patches")}" : string.Empty;
}
