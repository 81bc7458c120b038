using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Commands;

/// <summary>A plan for people: the order of things first, then how long, then what is in the way.</summary>
internal sealed class PlanText(Screen screen, PlanDocument plan, DateTimeOffset now)
{
    /// <summary>Writes it.</summary>
    /// <param name="begin">The command that would carry it out.</param>
    public void Write(string begin)
    {
        var image = plan.Image;
        screen.Line($"Fleet {plan.Fleet} to {image.Ref}");
        screen.Line($"  built {Instants.Full(image.BuiltAt)}{Patches()}; described by {plan.File}");
        foreach (var line in GateLines.Of(plan.Gates))
            screen.Line($"  {line.Text}", line.Bad ? Shade.Bad : Shade.None);
        foreach (var wave in plan.Waves)
            Wave(wave);
        Skipped();
        screen.Line();
        if (plan.Rebuilds > 0)
            Totals();
        foreach (var pair in plan.Waves.SelectMany(wave => wave.Pairs).Where(pair => !pair.Members.Any(member => member.Serves)))
            screen.Line($"Neither member of {pair.Name} serves: until one does, no member of it may leave rotation, and the pair would be frozen after {InWords(plan.GuardSeconds)}.", Shade.Warning);
        foreach (var sentence in plan.Unknown)
            screen.Line(sentence, Shade.Soft);
        Obstacles();
        screen.Line(Conclusion(begin));
    }

    private void Wave(PlanDocument.Wave wave)
    {
        var name = wave.Canary ? "Canary wave" : $"Wave {wave.Number}";
        screen.Line();
        screen.Line($"{name}: {Counted.Of(wave.Pairs.Count, "pair")}{(wave.BakeSeconds > 0 ? $", then watched for {InWords(wave.BakeSeconds)}" : string.Empty)}");
        screen.Table(
            ["MEMBER", "RUNS", "WILL RUN", "WHY"],
            [.. wave.Pairs.SelectMany(pair => pair.Members).Select(member => new Cell[]
            {
                member.Id.ToString(),
                member.Runs ?? "not seen",
                new(member.Rebuild ? plan.Image.Ref.Label : "as it is", member.Rebuild ? Shade.None : Shade.Soft),
                new(Why(member), member.Rebuild ? Shade.None : Shade.Soft),
            })]);
    }

    private static string Why(PlanDocument.Member member) => member.Serves || member.Left ? member.Why : $"{member.Why}; it does not serve now, and goes first";

    private static string InWords(double seconds) => Durations.InWords(TimeSpan.FromSeconds(seconds));

    private void Skipped()
    {
        foreach (var skipped in plan.Skipped.ToLookup(pair => pair.Members.Any(member => member.Left)).OrderBy(skipped => skipped.Key))
        {
            screen.Line();
            var why = skipped.Key ? "since a member of each is powered off" : $"since both members run {plan.Image.Ref.Label} and serve";
            screen.Line($"Skipped: {Counted.Of(skipped.Count(), "pair")}, {why}: {string.Join(", ", skipped.Select(pair => pair.Name))}");
        }

        foreach (var member in plan.Skipped.SelectMany(pair => pair.Members).Where(member => member.Left))
            screen.Line($"  {member.Id}: {member.Why}", Shade.Warning);
    }

    private void Totals()
    {
        screen.Line($"{plan.Rebuilds} of {plan.Members} members are rebuilt, one of a pair at a time, in {Counted.Of(plan.Waves.Count, "wave")}, at most {Counted.Of(plan.MaxPairsAtOnce, "pair")} at once.");
        screen.Line(plan is { DurationSeconds: { } duration, PerMemberSeconds: { } each }
            ? $"It takes about {InWords(duration)}, by {InWords(each)} a member in the last runs of this fleet."
            : $"It takes at least {InWords(plan.LeastSeconds)} for soaks and bakes alone; how long a rebuild takes is not known before the first run of this fleet.");
        if (plan is { Windows: { } windows, TimeZone: { } zone, WindowsUntil: { } until })
            screen.Line(new FleetWindows(plan.Fleet, zone, now, new WindowOutlook(windows, until), [], TimeSpan.Zero).Next);
        if (plan.ApprovalRequired)
            screen.Line("A person approves it before anything is touched: `refresh approve`.");
    }

    private void Obstacles()
    {
        if (plan.Obstacles.Count == 0)
            return;
        screen.Line("In the way:", Shade.Bad);
        foreach (var obstacle in plan.Obstacles)
            screen.Line($"  {obstacle.Text} To go on: {obstacle.EndsWhen}.", Shade.Bad);
    }

    private string Conclusion(string begin) => (plan.Obstacles.Count, plan.Rebuilds) switch
    {
        ( > 0, _) => "Nothing was changed. A run would be refused; `refresh doctor` tells more.",
        (_, 0) => "Nothing was changed. A run would have nothing to do.",
        _ => $"Nothing was changed. To do it: {begin}",
    };

    private string Patches() => plan.Image.Patches.Count > 0 ? $", with {Counted.Of(plan.Image.Patches.Count, "patch", "patches")}" : string.Empty;
}
