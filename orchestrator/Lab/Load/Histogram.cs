namespace Refresh.Lab.Load;

/// <summary>Counts latencies in buckets that grow by 2 %, so that a long run takes no more memory than a short one.</summary>
internal sealed class Histogram
{
    private const double Growth = 1.02;
    private const double FirstMs = 0.01;
    private readonly long[] _buckets = new long[1024];
    private long _count;
    private double _max;

    public void Add(TimeSpan latency)
    {
        var ms = latency.TotalMilliseconds;
        _buckets[Math.Clamp((int)Math.Ceiling(Math.Log(ms / FirstMs, Growth)), 0, _buckets.Length - 1)]++;
        _count++;
        _max = Math.Max(_max, ms);
    }

    public LoadLatency Read() => new(_count, Percentile(0.50), Percentile(0.99), Math.Round(_max, 2));

    private double Percentile(double share)
    {
        var rank = (long)Math.Ceiling(_count * share);
        var seen = 0L;
        for (var bucket = 0; bucket < _buckets.Length && rank > 0; bucket++)
            if ((seen += _buckets[bucket]) >= rank)
                return Math.Round(Math.Min(FirstMs * Math.Pow(Growth, bucket), _max), 2);
        return 0;
    }
}
