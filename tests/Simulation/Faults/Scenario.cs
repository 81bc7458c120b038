using System.Globalization;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Windows;

namespace Refresh.Simulation.Faults;

/// <summary>What a seed stands for: a fleet, a policy, and which faults strike how often. Some seeds are calm, some are wild.</summary>
internal sealed class Scenario
{
    public static readonly DateTimeOffset Start = new(2026, 11, 3, 2, 0, 0, TimeSpan.Zero);
    public static readonly GoldenImage Old = new(new ImageRef("web", "2026.10.1", "sha256:" + new string('a', 64)), Start.AddDays(-40), [], "web-october");
    public static readonly GoldenImage New = new(new ImageRef("web", "2026.11.1", "sha256:" + new string('b', 64)), Start.AddDays(-1), ["CVE-2026-1"], "web-november");

    private static readonly Fault[] s_faults = Enum.GetValues<Fault>();

    private readonly double[] _rates = new double[s_faults.Length];
    private readonly Random?[] _chances = new Random?[s_faults.Length];
    private readonly int[] _strikes = new int[s_faults.Length];
    private readonly Setting _setting;

    // Of its own, so that what else a seed stands for does not change.
    private readonly Random _power;

    // In some fleets many members are powered off, and are refreshed as such.
    private readonly bool _reserve;

    public Scenario(Setting setting)
    {
        _setting = setting;
        Random = new Random(setting.Seed);
        _power = new Random(~setting.Seed);
        var wildness = setting.CalmPairs > 0 ? 0 : Random.Next(4);
        foreach (var fault in s_faults)
        {
            var strikes = Random.NextDouble() < 0.1 * wildness;
            var rate = Random.NextDouble() * MostOf(fault);
            var seed = Random.Next();
            if (strikes && !setting.Off.Contains(fault))
            {
                _rates[(int)fault] = rate;
                _chances[(int)fault] = new Random(seed);
            }
        }

        var pairs = setting.CalmPairs > 0 ? setting.CalmPairs : Math.Min(Random.Next(1, 5), setting.MaxPairs);
        Windows = setting.CalmPairs > 0 ? [] : [.. Patching()];
        _reserve = setting.CalmPairs == 0 && _power.NextDouble() < 0.25;
        Fleet = new Fleet("shop", [.. Enumerable.Range(1, pairs).Select(Pair)], setting.CalmPairs > 0 ? CalmPolicy(setting.AtOnce) : Policy());
    }

    public Random Random { get; }

    public Fleet Fleet { get; }

    /// <summary>When the fleet may be worked on; none: at any time. The last one never ends.</summary>
    public IReadOnlyList<PatchWindow> Windows { get; }

    /// <summary>From here on nothing goes wrong any more.</summary>
    public bool Calm { get; set; }

    /// <summary>What is told of every strike.</summary>
    public Action<Fault, int, MemberId?> Struck { get; set; } = (_, _, _) => { };

    /// <summary>Faults that strike a member the next time they can, whatever the seed says.</summary>
    public HashSet<(Fault Fault, MemberId Member)> Due { get; } = [];

    /// <summary>Whether a fault strikes now.</summary>
    public bool Strikes(Fault fault, MemberId? member = null)
    {
        if (member is { } due && Due.Remove((fault, due)))
            return true;
        return StrikesLater(fault, member) is { } tell && Told(tell);
    }

    /// <summary>Whether a fault is to strike later; null when it is not.</summary>
    /// <returns>What tells of it, when it strikes: it may never come to it.</returns>
    public Action? StrikesLater(Fault fault, MemberId? member = null) =>
        Calm || _chances[(int)fault] is not { } chance || chance.NextDouble() >= _rates[(int)fault] ? null : Draw(fault, member);

    /// <summary>How often a fault was drawn, whether or not it came to strike.</summary>
    public int Drawn(Fault fault) => _strikes[(int)fault];

    /// <summary>Some time between two others, in seconds.</summary>
    public TimeSpan Between(double least, double most) => TimeSpan.FromMilliseconds(Math.Round(1000 * (least + Random.NextDouble() * (most - least))));

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>Whether the next member that is made is powered off before the run.</summary>
    public bool IsDormant() => _power.NextDouble() < (_reserve ? 0.5 : 0.06);

    private Action? Draw(Fault fault, MemberId? member)
    {
        var strike = ++_strikes[(int)fault];
        return _setting.Spared.Contains((fault, strike)) ? null : () => Struck(fault, strike, member);
    }

    private static bool Told(Action tell)
    {
        tell();
        return true;
    }

    private static double MostOf(Fault fault) => fault switch
    {
        Fault.AnswerSlow or Fault.CallLost or Fault.AnswerLost or Fault.CallRepeated or Fault.CallRefused => 0.05,
        Fault.JournalSlow => 0.05,
        Fault.JournalUnavailable or Fault.JournalAckLost => 0.01,
        Fault.WorkerKilledAtEffect => 0.15,
        Fault.GuestSilent or Fault.ImageUnreadable or Fault.CalendarUnreadable => 0.2,
        Fault.ImageRevoked => 0.1,
        Fault.LockLost => 1,
        _ => 0.5,
    };

    private IEnumerable<PatchWindow> Patching()
    {
        var start = Start + Between(0, 300);
        for (var windows = Chance(0.2) ? Random.Next(1, 4) : 0; windows > 0; windows--)
        {
            var end = windows == 1 ? DateTimeOffset.MaxValue : start + Between(60, 600);
            yield return new PatchWindow(start, end);
            start = end == DateTimeOffset.MaxValue ? end : end + Between(60, 900);
        }
    }

    private static Pair Pair(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"web-{number}");
        return new Pair(name, Member(name, "a", number), Member(name, "b", number));
    }

    private static Member Member(string pair, string name, int number) =>
        new(new MemberId(pair, name), new Endpoint(string.Create(CultureInfo.InvariantCulture, $"web-{number}-{name}"), 8080));

    private RefreshPolicy Policy() => new()
    {
        ApprovalRequired = Chance(0.15),
        Windows = Windows.Count > 0 ? new WindowPolicy { AtEnd = (WindowEnd)Random.Next(2), Estimate = Between(1, 120) } : null,
        Canary = new CanaryPolicy { Pairs = Random.Next(3), Bake = TimeSpan.FromSeconds(30 * Random.Next(2)) },
        Waves = new WavePolicy { Size = Random.Next(3), MaxPairsAtOnce = Random.Next(1, 4), Bake = TimeSpan.FromSeconds(20 * Random.Next(2)) },
        FailureBudget = new FailureBudget { Pairs = Random.Next(5), Members = Random.Next(5) },
        Guard = new GuardPolicy { Timeout = TimeSpan.FromSeconds(90), Interval = TimeSpan.FromSeconds(5), MaxAge = TimeSpan.FromSeconds(8) },
        Drain = new DrainPolicy { Timeout = TimeSpan.FromSeconds(30), Interval = TimeSpan.FromSeconds(2), OnTimeout = (DrainTimeoutAction)Random.Next(2) },
        Rebuild = new RebuildPolicy { Timeout = TimeSpan.FromMinutes(3), Retries = Random.Next(3) },
        Verify = new VerifyPolicy { Timeout = TimeSpan.FromMinutes(1), Interval = TimeSpan.FromSeconds(3), Passes = 3 },
        Rejoin = new RejoinPolicy { Timeout = TimeSpan.FromSeconds(45) },
        Soak = new SoakPolicy { Duration = TimeSpan.FromSeconds(10 * Random.Next(3)), Interval = TimeSpan.FromSeconds(4) },
        Watch = new WatchPolicy { Interval = TimeSpan.FromSeconds(3) },
        Dormant = _reserve ? DormantAction.Refresh : (DormantAction)_power.Next(4),
    };

    private static RefreshPolicy CalmPolicy(int atOnce) => new()
    {
        Canary = new CanaryPolicy { Pairs = 1, Bake = TimeSpan.Zero },
        Waves = new WavePolicy { MaxPairsAtOnce = atOnce },
        Drain = new DrainPolicy { Interval = TimeSpan.FromSeconds(2) },
        Verify = new VerifyPolicy { Interval = TimeSpan.FromSeconds(3) },
        Soak = new SoakPolicy { Duration = TimeSpan.FromSeconds(10), Interval = TimeSpan.FromSeconds(5) },
        Watch = new WatchPolicy { Interval = TimeSpan.FromSeconds(5) },
    };
}
