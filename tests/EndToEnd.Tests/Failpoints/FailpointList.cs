using System.Globalization;
using Xunit;

namespace Refresh.EndToEnd.Tests.Failpoints;

/// <summary>The failpoints that a run of one pair is killed at. <c>then</c> kills the one that resumes as well.</summary>
internal static class FailpointList
{
    /// <summary>How many are drawn at most.</summary>
    private const int DrawnAtMost = 3;

    private static readonly string[] s_steps = ["observe", "drain", "preview", "rebuild", "verify", "rejoin", "soak"];
    private static readonly string[] s_acts = ["drain", "hold", "preview", "rebuild", "rejoin"];
    private static readonly string[] s_phases = ["before", "commit", "after"];
    private static readonly string[] s_around = ["before", "after"];
    private static readonly string[] s_members = ["a", "b"];
    private static readonly string[] s_firsts = ["a/drain/act/after", "a/rebuild/act/after", "b/rejoin/act/before"];

    /// <summary>Those of every build: one of each kind.</summary>
    private static readonly string[] s_few =
    [
        "run/planned/commit",
        "a/drain/intent/after",
        "a/drain/act/after",
        "a/hold/act/after",
        "a/rebuild/act/before",
        "a/rebuild/outcome/commit",
        "a/verify/outcome/after",
        "a/rejoin/act/after",
        "b/rebuild/act/after then run/taken-over/commit",
        "run/succeeded/after",
    ];

    private static IReadOnlyList<string> All =>
    [
        .. Phases("run/lease"), .. Phases("run/planned"), .. Phases("run/running"),
        .. from member in s_members from step in s_steps from phase in Phases($"{member}/{step}/intent") select phase,
        .. from member in s_members from act in s_acts from phase in s_around select $"{member}/{act}/act/{phase}",
        .. Phases("a/soak/outcome"), .. Phases("b/soak/outcome"), .. Phases("a/watch-peer/intent"), .. Phases("run/succeeded"),
        .. from first in s_firsts from second in Phases("run/taken-over") select $"{first} then {second}",
        "a/rebuild/act/before then a/recover/act/before", "a/rebuild/act/before then a/recover/act/after",
        "a/rebuild/act/before then a/recover/intent/commit", "a/drain/act/before then a/drain/act/after then a/hold/act/after",
        "a/rebuild/outcome/commit", "a/verify/outcome/after", "b/rebuild/act/after then run/taken-over/commit",
    ];

    /// <summary>The few and those that are drawn; all where REFRESH_CRASH is <c>all</c>; or those whose names begin with what it says.</summary>
    public static TheoryData<string> Chosen => Environment.GetEnvironmentVariable("REFRESH_CRASH") switch
    {
        null or "" => [.. s_few.Union(Drawn())],
        "all" => [.. All],
        var asked => [.. Named(asked)],
    };

    private static IReadOnlyList<string> Named(string beginning) => All.Where(name => name.StartsWith(beginning, StringComparison.Ordinal)).ToList() is { Count: > 0 } named
        ? named
        : throw new ArgumentException($"No failpoint's name begins with '{beginning}'. There are:\n{string.Join('\n', All)}");

    /// <summary>Some of the others, by the seed in REFRESH_CRASH_SEED: each build tries other ones.</summary>
    private static IEnumerable<string> Drawn() =>
        int.TryParse(Environment.GetEnvironmentVariable("REFRESH_CRASH_SEED"), CultureInfo.InvariantCulture, out var seed)
            ? new Random(seed).GetItems(All.ToArray(), DrawnAtMost)
            : [];

    private static IEnumerable<string> Phases(string step) => s_phases.Select(phase => $"{step}/{phase}");
}
