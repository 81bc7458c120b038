namespace Refresh.Orchestrator.Engine;

/// <summary>How a worker keeps its lease and listens for requests.</summary>
public sealed record WorkerOptions
{
    /// <summary>Who it is, for people: host and process.</summary>
    public required string Worker { get; init; }

    /// <summary>How long a lease holds; it is renewed three times as often. After a crash the next worker waits it out. Default 9 seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>Time between two looks for requests in the journal. Default 200 milliseconds.</summary>
    public TimeSpan RequestInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Time between two looks whether the image is revoked. Default 1 second.</summary>
    public TimeSpan RevocationInterval { get; init; } = TimeSpan.FromSeconds(1);

    internal Workings Workings { get; init; } = new();
}
