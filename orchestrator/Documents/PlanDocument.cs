using System.Text.Json.Serialization;
using Refresh.Orchestrator.Application;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Documents;

/// <summary>A plan as <c>refresh plan --json</c> prints it; waves are counted from 1, times are seconds.</summary>
internal sealed record PlanDocument(
    string Fleet,
    string File,
    GoldenImage Image,
    IReadOnlyList<PlanDocument.Wave> Waves,
    IReadOnlyList<PlanDocument.Pair> Skipped,
    int Members,
    int Rebuilds,
    int MaxPairsAtOnce,
    double? PerMemberSeconds,
    double? DurationSeconds,
    double LeastSeconds,
    GateReport? Gates,
    bool ApprovalRequired,
    double GuardSeconds,
    IReadOnlyList<Reason> Obstacles,
    IReadOnlyList<string> Unknown,
    IReadOnlyList<PatchWindow>? Windows,
    string? TimeZone,
    DateTimeOffset? WindowsUntil,
    bool Changed)
{
    public static PlanDocument Of(PlannedRun planned, IReadOnlyList<string> unknown)
    {
        Pair PairOf(PlannedPair pair) => new(pair.Name, [.. pair.Members.Select(member => new Member(
            member.Id, member.Rebuild, member.Runs, member.Rebuild ? planned.Image.Ref.Label : member.Runs, planned.Observed.GetValueOrDefault(member.Id) is { Serves: true }, member.Why, member.Left))]);
        return new PlanDocument(
            planned.Fleet.Name,
            planned.Source,
            planned.Image,
            [.. planned.Plan.Waves.Select((wave, place) => new Wave(place + 1, wave.Canary, wave.Bake.TotalSeconds, [.. wave.Pairs.Select(PairOf)]))],
            [.. planned.Plan.Skipped.Select(PairOf)],
            planned.Fleet.Members().Count(),
            planned.Plan.Rebuilds(),
            planned.Fleet.Policy.Waves.MaxPairsAtOnce,
            planned.PerMember?.TotalSeconds,
            planned.Duration?.TotalSeconds,
            planned.Least.TotalSeconds,
            planned.Gates,
            planned.Fleet.Policy.ApprovalRequired,
            planned.Fleet.Policy.Guard.Timeout.TotalSeconds,
            planned.Obstacles,
            unknown,
            planned.Windows?.Outlook.Windows,
            planned.Windows?.TimeZone,
            planned.Windows?.Outlook.Until,
            Changed: false);
    }

    /// <summary>Members that are not current and left as they are all the same.</summary>
    [JsonIgnore]
    public IEnumerable<Member> Left => Waves.SelectMany(wave => wave.Pairs).Concat(Skipped).SelectMany(pair => pair.Members).Where(member => member.Left);

    internal sealed record Wave(int Number, bool Canary, double BakeSeconds, IReadOnlyList<Pair> Pairs);

    internal sealed record Pair(string Name, IReadOnlyList<Member> Members);

    internal sealed record Member(MemberId Id, bool Rebuild, string? Runs, string? Becomes, bool Serves, string Why, bool Left = false);
}
