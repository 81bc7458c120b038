using System.Globalization;

namespace Refresh.Lab.Load;

/// <summary>Counts requests by the phase that they began in.</summary>
internal sealed class LoadTally(string phase, TimeProvider time)
{
    private const int FailuresKept = 20;
    private readonly Lock _lock = new();
    private readonly List<Counts> _phases = [new(phase)];
    private readonly List<string> _failures = [];

    public void Switch(string phase)
    {
        lock (_lock)
        {
            var index = _phases.FindIndex(counts => counts.Name == phase);
            var found = index < 0 ? new Counts(phase) : _phases[index];
            if (index >= 0)
                _phases.RemoveAt(index);
            _phases.Add(found);
        }
    }

    public Counts Begin()
    {
        lock (_lock)
        {
            var phase = _phases[^1];
            phase.Sent++;
            return phase;
        }
    }

    public void End(Counts phase, bool isLong, TimeSpan latency, string? failure)
    {
        lock (_lock)
        {
            if (failure is null)
            {
                phase.Ok++;
                (isLong ? phase.Slow : phase.Fast).Add(latency);
                phase.All.Add(latency);
                return;
            }
            phase.Failed++;
            if (_failures.Count < FailuresKept)
                _failures.Add(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.fff} {failure}"));
        }
    }

    public LoadReport Read(bool final)
    {
        lock (_lock)
        {
            var (sent, ok, failed) = (_phases.Sum(phase => phase.Sent), _phases.Sum(phase => phase.Ok), _phases.Sum(phase => phase.Failed));
            return new(time.GetUtcNow(), final, _phases[^1].Name, sent, ok, failed, sent - ok - failed, [.. _failures], [.. _phases.Select(phase => phase.Read())]);
        }
    }

    /// <summary>The counts of one phase; only the tally changes them.</summary>
    internal sealed class Counts(string name)
    {
        public string Name => name;

        public long Sent { get; set; }

        public long Ok { get; set; }

        public long Failed { get; set; }

        public Histogram All { get; } = new();

        public Histogram Fast { get; } = new();

        public Histogram Slow { get; } = new();

        public LoadPhase Read() => new(name, Sent, Ok, Failed, All.Read(), Fast.Read(), Slow.Read());
    }
}
