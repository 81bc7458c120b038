using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Images;

namespace Refresh.Orchestrator.Application.Doctor;

/// <summary>Whether this machine's clock can be right: nothing that has happened may lie in its future.</summary>
internal static class ClockCheck
{
    private const string Name = "clock";
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<Finding> Look(DateTimeOffset now, DateTimeOffset? lastEntry, GoldenImage? image, IEnumerable<MemberFacts> members)
    {
        List<Finding> findings = [];
        if (Ahead(lastEntry, now) is { } entry)
            findings.Add(Finding.Wrong(Name, $"it is {Instants.Full(now)}, but the journal's last entry is from {Durations.InWords(entry)} later", "set this machine's clock right: it was set back, or was ahead when that was written"));
        if (Ahead(image?.BuiltAt, now) is { } built)
            findings.Add(Finding.Warning(Name, $"{image!.Ref.Label} was built {Durations.InWords(built)} from now", "set this machine's clock, or that of the machine that builds images, right"));
        foreach (var member in members)
        {
            if (Ahead(member.Guest?.BootedAt, now) is { } booted)
                findings.Add(Finding.Warning(Name, $"{member.Id} says it booted {Durations.InWords(booted)} from now", "set this machine's clock, or the guest's, right"));
        }

        return findings.Count > 0 ? findings : [Finding.Ok(Name, $"it is {Instants.Full(now)}; no entry, image or guest is from later")];
    }

    private static TimeSpan? Ahead(DateTimeOffset? at, DateTimeOffset now) => at - now is { } ahead && ahead > s_tolerance ? ahead : null;
}
