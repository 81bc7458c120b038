using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>What people and programs have set a server to.</summary>
internal enum AdminState
{
    /// <summary>It may get work.</summary>
    Ready,

    /// <summary>Drained: only clients that are bound to it reach it. It is checked.</summary>
    Drain,

    /// <summary>In maintenance: it gets nothing and is not checked.</summary>
    Maintenance,
}

/// <summary>How one HAProxy process sees one server: a row of <c>show servers state</c> and a row of <c>show stat</c>.</summary>
/// <param name="Node">The process.</param>
/// <param name="Server">The server.</param>
/// <param name="Admin">What it was set to.</param>
/// <param name="Status">The status, for example <c>UP 1/3</c>.</param>
/// <param name="CheckStatus">The result of the last check, for example <c>L7OK</c>; empty if it is not checked.</param>
/// <param name="CheckHealth">The passed checks that it has credit for, at most rise + fall - 1; null if it is not checked.</param>
/// <param name="CheckRise">How many checks bring it up; null if it is not checked.</param>
/// <param name="CheckFall">How many checks bring it down; null if it is not checked.</param>
/// <param name="Throttle">How far slow start has come in percent; null at full speed.</param>
/// <param name="Sessions">Requests or connections on it.</param>
/// <param name="Queued">Requests that wait for it.</param>
/// <param name="Old">Requests or connections that workers from before a reload still hold on it; 0 where they cannot be seen.</param>
/// <param name="Idle">Idle connections to it that are kept for the next request.</param>
/// <param name="Weight">Its weight as set.</param>
/// <param name="FullWeight">Its weight in the configuration.</param>
/// <param name="Address">Where its work goes.</param>
internal sealed record ServerReading(
    string Node,
    HAProxyServer Server,
    AdminState Admin,
    string Status,
    string CheckStatus,
    int? CheckHealth,
    int? CheckRise,
    int? CheckFall,
    int? Throttle,
    int Sessions,
    int Queued,
    int Old,
    int Idle,
    int Weight,
    int FullWeight,
    Endpoint Address)
{
    private static readonly string[] Passed = ["L4OK", "L6OK", "L7OK", "PROCOK"];
    private static readonly string[] Words = ["UP", "DOWN", "DRAIN", "NOLB", "MAINT", "no check"];

    /// <summary>Whether it was drained by state or by weight, and is still checked.</summary>
    public bool IsDrained => Admin == AdminState.Drain || (Admin == AdminState.Ready && Weight == 0);

    /// <summary>Whether it has a check of its own that runs now.</summary>
    public bool IsChecked => CheckRise is not null;

    /// <summary>Nothing is on it and nothing waits for it; idle connections are not requests.</summary>
    public bool IsEmpty => Sessions == 0 && Queued == 0 && Old == 0;

    /// <summary>Whether it gets new work; unclear if the two tables tell different stories.</summary>
    public Rotation Rotation => (Admin, Word) switch
    {
        (AdminState.Maintenance, "MAINT") => Rotation.Out,
        (AdminState.Drain, "DRAIN" or "DOWN" or "NOLB") => Rotation.Draining,
        (AdminState.Ready, "NOLB") => Rotation.Draining,
        (AdminState.Ready, "UP" or "DOWN" or "no check") => Weight == 0 ? Rotation.Draining : Rotation.In,
        _ => Rotation.Unclear,
    };

    /// <summary>How its check sees it.</summary>
    public BalancerHealth Health => Status switch
    {
        "UP" or "DRAIN" when IsChecked => CheckHealth == CheckRise + CheckFall - 1 && Passed.Contains(LastCheck) ? BalancerHealth.Up : BalancerHealth.Changing,
        // A server that tracks another has its status from there and no check of its own.
        "UP" => BalancerHealth.Up,
        "DOWN" or "DOWN (agent)" => BalancerHealth.Down,
        _ => Word is "MAINT" or "no check" || Status == "DRAIN" ? BalancerHealth.Unchecked : BalancerHealth.Changing,
    };

    /// <summary>It has its whole weight and no slow start.</summary>
    public bool FullShare => Weight >= FullWeight && Throttle is null;

    /// <summary>It has the share of new work that its weight gives it, and its check, if it has one, says nothing against it.</summary>
    public bool IsUp => Rotation == Rotation.In && (Health == BalancerHealth.Up || Status == "no check");

    /// <summary>It is drained, and its check, if it has one, says nothing against it.</summary>
    public bool IsProved => Rotation == Rotation.Draining && (Health == BalancerHealth.Up || !IsChecked);

    /// <summary>The state in HAProxy's own words.</summary>
    public string Detail =>
        $"{Node}: {Server} {Status}{(CheckStatus.Length > 0 ? $", {CheckStatus} {CheckHealth}/{CheckRise + CheckFall - 1}" : "")}, "
        + $"weight {Weight}/{FullWeight}{(Throttle is { } percent ? $", slow start {percent}%" : "")}, "
        + $"sessions {Sessions}, queued {Queued}{(Old > 0 ? $", in old workers {Old}" : "")}, idle {Idle}, at {Address}";

    /// <summary>A star before it says that the next check is on its way.</summary>
    private string LastCheck => CheckStatus.StartsWith("* ", StringComparison.Ordinal) ? CheckStatus[2..] : CheckStatus;

    private string Word => Words.First(word => Status.StartsWith(word, StringComparison.Ordinal));

    /// <summary>Whether its work goes to an address. A host name is the balancer's to resolve, and is not compared.</summary>
    /// <param name="wanted">The address.</param>
    public bool IsAt(Endpoint wanted) => wanted.MayBe(Address);

    /// <summary>Reads a server from its two rows.</summary>
    /// <param name="node">The process.</param>
    /// <param name="state">Its row of <c>show servers state</c>.</param>
    /// <param name="stat">Its row of <c>show stat</c>.</param>
    /// <param name="old">What old workers hold on it.</param>
    /// <exception cref="FormatException">A row lacks a column, or holds what HAProxy does not write there.</exception>
    public static ServerReading Parse(string node, RuntimeRow state, RuntimeRow stat, int old)
    {
        var status = stat["status"];
        if (!Words.Any(word => status == word || status.StartsWith(word + " ", StringComparison.Ordinal)))
            throw new FormatException($"status is '{status}'");
        return new ServerReading(
            node,
            new HAProxyServer(state["be_name"], state["srv_name"]),
            AdminOf(state.Number("srv_admin_state")),
            status,
            stat["check_status"],
            stat.NumberOrNone("check_health"),
            stat.NumberOrNone("check_rise"),
            stat.NumberOrNone("check_fall"),
            stat.NumberOrNone("throttle"),
            stat.Number("scur"),
            stat.Number("qcur"),
            old,
            stat.Number("srv_icur"),
            state.Number("srv_uweight"),
            state.Number("srv_iweight"),
            new Endpoint(state["srv_addr"], state.Number("srv_port")));
    }

    /// <summary>The mask: 1, 2, 4 and 0x20 are maintenance (forced, tracked, configured, unresolved); 8 and 0x10 are drain (forced, tracked).</summary>
    private static AdminState AdminOf(int mask) =>
        (mask & 0x27) != 0 ? AdminState.Maintenance
        : (mask & 0x18) != 0 ? AdminState.Drain
        : AdminState.Ready;
}
