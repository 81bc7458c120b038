namespace Refresh.Lab.Load;

/// <summary>What the load is made of.</summary>
/// <param name="Url">Where it goes.</param>
internal sealed record LoadOptions(Uri Url)
{
    /// <summary>The phase that it begins in; cold guests answer slowly at first, so a comparison begins in one that is not compared.</summary>
    public string Phase { get; init; } = "before";

    /// <summary>Requests begun a second, whether or not earlier ones are answered.</summary>
    public double Rate { get; init; } = 200;

    /// <summary>Clients that each send one request after the other, instead of a rate; 0 for a rate.</summary>
    public int Clients { get; init; }

    /// <summary>Percent of requests that are long.</summary>
    public int LongShare { get; init; } = 2;

    /// <summary>How long a long request takes, in milliseconds.</summary>
    public int LongMs { get; init; } = 600;

    /// <summary>Percent of requests that are POST.</summary>
    public int PostShare { get; init; } = 10;

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When it ends by itself.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);
}
