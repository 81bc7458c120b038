using System.Collections.Concurrent;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>Counts what happened over many simulations, so that what never happened can be seen.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    public int Of(string what) => _counts.GetValueOrDefault(what);

    public IReadOnlyList<string> Missing(IEnumerable<string> expected) => [.. expected.Where(what => Of(what) == 0)];

    public override string ToString() =>
        string.Join('\n', _counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value,9:N0}  {count.Key}"));
}
