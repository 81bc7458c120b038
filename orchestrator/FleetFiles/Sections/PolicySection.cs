using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.FleetFiles.Yaml;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>How a run goes about the fleet. What is left out has the default of its policy record.</summary>
internal static class PolicySection
{
    private const int Many = 100_000;

    public static RefreshPolicy Read(MappingReader map)
    {
        Strategy(map.Optional("strategy"));
        var approval = map.Optional("approval").Choice(("none", 0), ("required", 1), ("four-eyes", 2)) ?? 0;
        return new RefreshPolicy
        {
            Canary = map.Optional("canary").Mapping(Canary) ?? new(),
            Waves = map.Optional("waves").Mapping(Waves) ?? new(),
            FailureBudget = map.Optional("failureBudget").Mapping(Budget) ?? new(),
            Guard = map.Optional("guard").Mapping(Guard) ?? new(),
            Drain = map.Optional("drain").Mapping(Drain) ?? new(),
            Rebuild = map.Optional("rebuild").Mapping(Rebuild) ?? new(),
            Verify = map.Optional("verify").Mapping(Verify) ?? new(),
            Rejoin = map.Optional("rejoin").Mapping(Rejoin) ?? new(),
            Soak = map.Optional("soak").Mapping(Soak) ?? new(),
            Watch = map.Optional("watch").Mapping(Watch) ?? new(),
            Dormant = map.Optional("dormant").Choice(("wake", DormantAction.Wake), ("refresh", DormantAction.Refresh), ("leave", DormantAction.Leave), ("refuse", DormantAction.Refuse)) ?? DormantAction.Wake,
            ApprovalRequired = approval > 0,
            FourEyes = approval == 2,
        };
    }

    private static void Strategy(Field field)
    {
        if (field.Value is YamlScalar { Text: "surge" })
            field.Fail("the strategy 'surge' is not supported yet", "use 'recreate', which rebuilds in place while the peer serves alone; where one member cannot carry the load of its pair, run when there is less of it, or make the members larger first");
        else
            field.Choice(("recreate", true));
    }

    private static CanaryPolicy Canary(MappingReader map)
    {
        var normal = new CanaryPolicy();
        return new CanaryPolicy
        {
            Pairs = map.Optional("pairs").Integer(0, Many) ?? normal.Pairs,
            Bake = map.Optional("bake").DurationOrNone() ?? normal.Bake,
        };
    }

    private static WavePolicy Waves(MappingReader map)
    {
        var normal = new WavePolicy();
        return new WavePolicy
        {
            Size = map.Optional("size").Integer(0, Many) ?? normal.Size,
            MaxPairsAtOnce = map.Optional("maxPairsAtOnce").Integer(1, 1000) ?? normal.MaxPairsAtOnce,
            Bake = map.Optional("bake").DurationOrNone() ?? normal.Bake,
        };
    }

    private static FailureBudget Budget(MappingReader map)
    {
        var normal = new FailureBudget();
        return new FailureBudget
        {
            Pairs = map.Optional("pairs").Integer(0, Many) ?? normal.Pairs,
            Members = map.Optional("members").Integer(0, Many) ?? normal.Members,
        };
    }

    private static GuardPolicy Guard(MappingReader map)
    {
        var normal = new GuardPolicy();
        return new GuardPolicy
        {
            Timeout = map.Optional("timeout").Duration() ?? normal.Timeout,
            Interval = map.Optional("interval").Interval() ?? normal.Interval,
            MaxAge = map.Optional("maxAge").Duration() ?? normal.MaxAge,
        };
    }

    private static DrainPolicy Drain(MappingReader map)
    {
        var normal = new DrainPolicy();
        return new DrainPolicy
        {
            Timeout = map.Optional("timeout").Duration() ?? normal.Timeout,
            Interval = map.Optional("interval").Interval() ?? normal.Interval,
            EmptyPolls = map.Optional("emptyPolls").Integer(1, 100) ?? normal.EmptyPolls,
            OnTimeout = map.Optional("onTimeout").Choice(("return", DrainTimeoutAction.Return), ("cut", DrainTimeoutAction.Cut)) ?? normal.OnTimeout,
        };
    }

    private static RebuildPolicy Rebuild(MappingReader map)
    {
        var normal = new RebuildPolicy();
        return new RebuildPolicy
        {
            Timeout = map.Optional("timeout").Duration() ?? normal.Timeout,
            Retries = map.Optional("retries").Integer(0, 10) ?? normal.Retries,
        };
    }

    private static VerifyPolicy Verify(MappingReader map)
    {
        var normal = new VerifyPolicy();
        return new VerifyPolicy
        {
            Timeout = map.Optional("timeout").Duration() ?? normal.Timeout,
            Passes = map.Optional("passes").Integer(1, 100) ?? normal.Passes,
            Interval = map.Optional("interval").Interval() ?? normal.Interval,
        };
    }

    private static RejoinPolicy Rejoin(MappingReader map) =>
        new() { Timeout = map.Optional("timeout").Duration() ?? new RejoinPolicy().Timeout };

    private static SoakPolicy Soak(MappingReader map)
    {
        var normal = new SoakPolicy();
        return new SoakPolicy
        {
            Duration = map.Optional("duration").Duration() ?? normal.Duration,
            Interval = map.Optional("interval").Interval() ?? normal.Interval,
            BadLooks = map.Optional("badLooks").Integer(1, 100) ?? normal.BadLooks,
        };
    }

    private static WatchPolicy Watch(MappingReader map)
    {
        var normal = new WatchPolicy();
        return new WatchPolicy
        {
            Interval = map.Optional("interval").Interval() ?? normal.Interval,
            BadLooks = map.Optional("badLooks").Integer(1, 100) ?? normal.BadLooks,
        };
    }
}
