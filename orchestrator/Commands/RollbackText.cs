using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Images;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Commands;

/// <summary>What taking a run back would do: which members go back to which image, in what order.</summary>
/// <param name="run">The run as it is now.</param>
/// <param name="steps">What it would do.</param>
/// <param name="latest">The latest run of the fleet; null when it is this one.</param>
/// <param name="revoked">Those of the images that are revoked.</param>
internal sealed class RollbackText(Run run, IReadOnlyList<RollbackStep> steps, RunHead? latest, IReadOnlyDictionary<ImageRef, ImageRevocation> revoked)
{

    /// <summary>The same as a question.</summary>
    public Question Question => new($"This would {Summary}", string.Empty, "Take it back?", $"Nothing was asked of run {run.Id}, and nothing was touched.");

    private string Summary => steps.Count == 0
        ? $"take back run {run.Id} of fleet {run.Fleet.Name}, which has touched no member"
        : $"take {Counted.Of(steps.Count, "member")} of fleet {run.Fleet.Name} back to what was recorded before run {run.Id} touched them";

    /// <summary>Shows it.</summary>
    public void Write(Screen screen)
    {
        screen.Line($"To take back run {run.Id} of fleet {run.Fleet.Name} to {run.Image.Ref.Label}, which is {run.State}:");
        if (latest is not null)
            screen.Line($"  {latest.Run} to {latest.Image} began later: members go back behind it.", Shade.Warning);
        var images = MemberImages.Of(run).ToDictionary(seen => seen.Member, seen => seen.Image);
        screen.Table(
            ["  MEMBER", "RUNS", "GOES BACK TO"],
            [.. steps.Select(step => new Cell[] { $"  {step.Member}", images[step.Member] ?? "not known", Goal(step) })]);
        foreach (var member in RollbackPlan.LeftOff(run))
            screen.Line($"  {member} was found powered off and stays off, on {images[member] ?? "the new image"}: what it ran could not be asked.", Shade.Warning);
        if (run.Pairs.Values.Any(pair => pair.Active is not null))
            screen.Line("  What is under way is ended first; a member that is drained and untouched goes back as it was.");
        foreach (var (image, revocation) in revoked)
            screen.Line($"  {image.Label} is REVOKED, by {revocation.By} on {Instants.Full(revocation.At)}: {revocation.Why}. Members that go back to it run it again.", Shade.Bad);
        screen.Line(steps.Count == 0
            ? "  It has touched no member, so it only ends."
            : $"  In this order, one member of a pair at a time, at most {Counted.Of(run.Fleet.Policy.Waves.MaxPairsAtOnce, "pair")} at once; all others stay as they are.");
    }

    private Cell Goal(RollbackStep step) => step switch
    {
        { Rebuilt: false } => "rotation, as it is",
        { Image: { } image } when revoked.ContainsKey(image) => new Cell($"{image.Label}, REVOKED", Shade.Bad),
        { Image: { } image } => image.Label,
        _ => new Cell("nothing: what it ran could not be read, and its pair is frozen", Shade.Bad),
    };
}
