using System.Globalization;
using System.Text;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>The journal of a simulated run, with notes of what the world did between its events.</summary>
internal sealed class Timeline
{
    private readonly List<(DateTimeOffset At, object What)> _lines = [];
    private readonly List<(DateTimeOffset At, RunEvent Event)> _read = [];

    /// <summary>Each event as it was written.</summary>
    public List<(DateTimeOffset At, string Json)> Events { get; } = [];

    public void Add(DateTimeOffset at, RunEvent happened)
    {
        Events.Add((at, JournalFormat.Write(happened)));
        _lines.Add((at, happened));
    }

    public void Note(DateTimeOffset at, string what) => _lines.Add((at, what));

    /// <summary>The run as it is read back from what was written.</summary>
    public Run Fold()
    {
        for (var next = _read.Count; next < Events.Count; next++)
            _read.Add((Events[next].At, JournalFormat.Read(Events[next].Json)));
        return _read.Skip(1).Aggregate(RunFold.Begin((RunPlanned)_read[0].Event, _read[0].At), (run, entry) => run.Apply(entry.Event, entry.At));
    }

    public string Written() => string.Join('\n', Events.Select(entry => $"{entry.At:O} {entry.Json}"));

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (at, what) in _lines)
            text.Append(CultureInfo.InvariantCulture, $"{at - Scenario.Start:h\\:mm\\:ss\\.fff}  {(what is RunEvent happened ? EventLine.Of(happened) : $"    ({what})")}\n");
        return text.ToString();
    }
}
