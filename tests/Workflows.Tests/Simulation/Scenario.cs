using System.Globalization;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Windows;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>What a seed stands for: a fleet, a policy, and which faults strike how often. Some seeds are calm, some are wild.</summary>
internal sealed class Scenario
{
    public static readonly DateTimeOffset Start = new(2026, 11, 3, 2, 0, 0, TimeSpan.Zero);
    public static readonly ImageRef Old = new("web", "2026.10.1", "sha256:" + new string('a', 64));
    public static readonly GoldenImage New = new(new ImageRef("web", "2026.11.1", "sha256:" + new string('b', 64)), Start.AddDays(-1), ["CVE-2026-1"], "web-template");

    private readonly Dictionary<Fault, double> _rates = [];
    private readonly Tally _tally;

    public Scenario(int seed, Tally tally)
    {
        _tally = tally;
        Random = new Random(seed);
        var wildness = Random.Next(4);
        foreach (var fault in Enum.GetValues<Fault>())
        {
            var strikes = Random.NextDouble() < 0.2 * wildness;
            var rate = Random.NextDouble() * (fault is Fault.WorkerLostBeforeCommit or Fault.WorkerLostAfterCommit ? 0.1 : 0.4);
            _rates[fault] = strikes ? rate : 0;
        }

        Windows = [.. Patching()];
        Fleet = new Fleet("shop", [.. Enumerable.Range(1, Random.Next(1, 6)).Select(Pair)], Policy());
    }

    public Random Random { get; }

    public Fleet Fleet { get; }

    /// <summary>When the fleet may be worked on; none: at any time. The last one never ends.</summary>
    public IReadOnlyList<PatchWindow> Windows { get; }

    /// <summary>Whether a fault strikes now.</summary>
    public bool Strikes(Fault fault)
    {
        if (_rates[fault] == 0 || Random.NextDouble() >= _rates[fault])
            return false;
        _tally.Count($"fault {fault}");
        return true;
    }

    /// <summary>Some time between two others, in seconds.</summary>
    public TimeSpan Between(double least, double most) => TimeSpan.FromSeconds(Math.Round(least + Random.NextDouble() * (most - least), 3));

    public bool Chance(double probability) => Random.NextDouble() < probability;

    private IEnumerable<PatchWindow> Patching()
    {
        var start = Start + Between(0, 300);
        for (var windows = Chance(0.3) ? Random.Next(1, 6) : 0; windows > 0; windows--)
        {
            var end = windows == 1 ? DateTimeOffset.MaxValue : start + Between(60, 900);
            yield return new PatchWindow(start, end);
            start = end == DateTimeOffset.MaxValue ? end : end + Between(60, 1800);
        }
    }

    private static Pair Pair(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"web-{number}");
        return new Pair(name, Member(name, "a", number), Member(name, "b", number + 100));
    }

    private static Member Member(string pair, string name, int host) =>
        new(new MemberId(pair, name), new Endpoint(string.Create(CultureInfo.InvariantCulture, $"10.0.0.{host}"), 8080));

    private RefreshPolicy Policy() => new()
    {
        ApprovalRequired = Chance(0.2),
        Windows = Windows.Count > 0 ? new WindowPolicy { AtEnd = (WindowEnd)Random.Next(2), Estimate = Between(1, 120) } : null,
        Canary = new CanaryPolicy { Pairs = Random.Next(3), Bake = TimeSpan.FromSeconds(30 * Random.Next(2)) },
        Waves = new WavePolicy { Size = Random.Next(3), MaxPairsAtOnce = Random.Next(1, 4), Bake = TimeSpan.FromSeconds(20 * Random.Next(2)) },
        FailureBudget = new FailureBudget { Pairs = Random.Next(3), Members = Random.Next(3) },
        Guard = new GuardPolicy { Timeout = TimeSpan.FromSeconds(90), Interval = TimeSpan.FromSeconds(5) },
        Drain = new DrainPolicy { Timeout = TimeSpan.FromSeconds(30), OnTimeout = (DrainTimeoutAction)Random.Next(2) },
        Rebuild = new RebuildPolicy { Timeout = TimeSpan.FromMinutes(3), Retries = Random.Next(3) },
        Verify = new VerifyPolicy { Timeout = TimeSpan.FromMinutes(1), Passes = 2 },
        Rejoin = new RejoinPolicy { Timeout = TimeSpan.FromSeconds(30) },
        Soak = new SoakPolicy { Duration = TimeSpan.FromSeconds(10 * Random.Next(3)) },
        Dormant = Chance(0.5) ? DormantAction.Refresh : (DormantAction)Random.Next(4),
    };
}
