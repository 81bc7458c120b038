using System.Globalization;
using System.Text;
using Refresh.Simulation.Time;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Simulation;

namespace Refresh.Simulation.Proof;

/// <summary>All that happened: what the world did, what went wrong, and what the journal took, in order.</summary>
internal sealed class Timeline(Scheduler scheduler)
{
    private readonly List<(TimeSpan At, object What)> _lines = [];

    /// <summary>It keeps nothing: for fleets that are too large to be read.</summary>
    public bool Silent { get; set; }

    public void World(string what) => Add(what);

    public void Fault(string what) => Add(new Trouble(what));

    public void Entry(JournalEntry entry) => Add(entry.Event);

    private void Add(object what)
    {
        if (!Silent)
            _lines.Add((scheduler.Now, what));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (at, what) in _lines)
            text.Append(CultureInfo.InvariantCulture, $"{at:h\\:mm\\:ss\\.fff}  {Line(what)}\n");
        return text.ToString();
    }

    private static string Line(object what) => what switch
    {
        Trouble trouble => $"  ! {trouble.What}",
        string world => $"  ~ {world}",
        RunEvent happened => EventLine.Of(happened),
        _ => what.GetType().Name,
    };

    private sealed record Trouble(string What);
}
