namespace Refresh.Lab.Cloud;

/// <summary>Whether a balancer stands in front of the lab.</summary>
public enum BalancerChoice
{
    /// <summary>HAProxy where it is installed, else none.</summary>
    Auto,

    /// <summary>HAProxy; an error where it is not installed.</summary>
    HAProxy,

    /// <summary>None: somebody else balances.</summary>
    None,
}

/// <summary>How a lab is set up.</summary>
/// <param name="Directory">Where it keeps everything.</param>
public sealed record LabOptions(string Directory)
{
    /// <summary>Where a lab is unless told otherwise, below the current directory.</summary>
    public static readonly string DefaultDirectory = Path.Combine(".refresh", "lab");

    /// <summary>Pairs of a new lab. Default 4, at most 250.</summary>
    public int Pairs { get; init; } = 4;

    /// <summary>The first two parts of its addresses, for example <c>127.83</c>; null for a free one at random.</summary>
    public string? Subnet { get; init; }

    /// <summary>The port of guests, frontends and the lab's own interface; null for 8080, or that of the lab that was there.</summary>
    public int? Port { get; init; }

    /// <summary>Whether a balancer stands in front. Default: HAProxy where it is installed.</summary>
    public BalancerChoice Balancer { get; init; } = BalancerChoice.Auto;

    /// <summary>How many HAProxy processes. Default 1.</summary>
    public int HAProxyNodes { get; init; } = 1;

    /// <summary>How long copying an image takes. Default 3 s.</summary>
    public TimeSpan CloneDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a guest takes from power to its first answer. Default 1 s.</summary>
    public TimeSpan BootDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a guest may take to finish what it has begun. Default 10 s.</summary>
    public TimeSpan StopBound { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When it stops by itself. Default 1 h; zero for never.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    internal string Images => Path.Combine(Directory, "images");

    internal string State => Path.Combine(Directory, "state.json");

    internal string Facts => Path.Combine(Directory, Client.LabFacts.FileName);

    internal string Lock => Path.Combine(Directory, "lab.lock");

    internal string Disks => Path.Combine(Directory, "vms");

    internal string Disk(string vm) => Path.Combine(Disks, vm);
}
