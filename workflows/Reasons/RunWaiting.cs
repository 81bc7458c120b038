using System.Globalization;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Reasons;

/// <summary>Why a run waits.</summary>
internal static class RunWaiting
{
    private const int MostNames = 5;

    public static Reason? Of(Run run) => run.State switch
    {
        _ when run.Finished => null,
        RunState.Running when run is { Halted: null, InFlight.Count: 0, Baking: > 0 } => Bakes(run),
        RunState.RollingBack when run.RollbackOrder is null => new("under-way", $"what is under way ends before anything goes back: {UnderWay(run)}", "it has ended"),
        RunState.Paused or RunState.Cancelling or RunState.Running or RunState.RollingBack when Held(run) is { } held && Names(run) is [_, ..] =>
            held with { Text = $"{held.Text}; what is under way is ended first: {UnderWay(run)}" },
        _ => Held(run),
    };

    /// <summary>Why no further member is begun; null while they may be.</summary>
    public static Reason? Held(Run run) => run.State switch
    {
        RunState.Planned => new("not-begun", $"run {run.Id} is planned and has not begun", "its worker begins it"),
        RunState.AwaitingApproval => new("awaiting-approval", $"run {run.Id} waits for a person's approval", $"`refresh approve {run.Id}`, or `refresh cancel {run.Id}`"),
        RunState.Paused => new("paused", $"run {run.Id} is paused{Because(run.Why)}", $"`refresh resume {run.Id}`"),
        RunState.Cancelling => new("cancelling", $"run {run.Id} is being cancelled{Because(run.Why)}", "every member that is away is back; then the run has ended"),
        RunState.Waiting => WindowRule.Refusal(run, run.UpdatedAt) ?? run.Why,
        RunState.Running or RunState.RollingBack when run.Halted is { } halted => new("halted", $"no further member is begun: {halted.Text}", halted.EndsWhen),
        RunState.Running => WindowRule.Refusal(run, run.UpdatedAt),
        _ => null,
    };

    public static Reason EarlierWave(Run run, int wave) => run.Wave < 0
        ? new("earlier-wave", $"{Wave(run, 0)} goes first", $"{Wave(run, 0)} is done")
        : new("earlier-wave", $"{Wave(run, run.Wave)} goes before {Wave(run, wave)}: {UnderWay(run)}", $"every pair of {Wave(run, run.Wave)} is done{Baked(run)}");

    /// <summary>An instant as a person needs it: with its date only where that is another one.</summary>
    public static string At(Run run, DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(instant.UtcDateTime.Date == run.UpdatedAt.UtcDateTime.Date ? "HH:mm:ss 'UTC'" : "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>When a pair has baked; null while that is not known.</summary>
    public static DateTimeOffset? BakedAt(Run run, string pair) =>
        run.Pairs[pair].Open.OfType<Bake>().FirstOrDefault()?.Until;

    /// <summary>The pairs that are being worked on or baked, in words.</summary>
    public static string UnderWay(Run run)
    {
        var names = Names(run);
        return names.Count == 0 ? "nothing is under way" : string.Join(", ", names.Take(MostNames)) + More(names.Count);
    }

    private static List<string> Names(Run run) =>
        [.. run.InFlight.Where(pair => run.Pairs[pair].Active is not null).Concat(run.Open.Values.OfType<Bake>().Select(bake => bake.Member.Pair)).Order(StringComparer.Ordinal)];

    private static string More(int count) =>
        count > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {count - MostNames} more") : string.Empty;

    private static Reason Bakes(Run run)
    {
        var until = run.Open.Values.OfType<Bake>().Select(bake => bake.Until).DefaultIfEmpty(run.UpdatedAt).Max();
        return new("bake", $"{Wave(run, run.Wave)} is baking: {UnderWay(run)}", $"they stay good until {At(run, until)}");
    }

    private static string Wave(Run run, int wave) =>
        run.Plan.Waves[wave].Canary ? "the canary wave" : string.Create(CultureInfo.InvariantCulture, $"wave {wave + 1}");

    private static string Baked(Run run) => run.Plan.Waves[run.Wave].Bake > TimeSpan.Zero ? " and has baked" : string.Empty;

    private static string Because(Reason? why) => why is null ? string.Empty : $": {why.Text}";
}
