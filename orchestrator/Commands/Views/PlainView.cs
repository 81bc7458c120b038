using System.Globalization;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands.Views;

/// <summary>Off a terminal: a line for everything that happens.</summary>
internal sealed class PlainView(TextWriter output, TimeProvider clock) : IRunView
{
    private readonly Lock _one = new();

    public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (EventText.Of(run, entry) is { } text)
                Line(entry.At, text);
        }
    }

    // What has happened before was told then, and `refresh history RUN` tells it again.
    public void TakenUp(Run run, IReadOnlyList<JournalEntry> entries) =>
        Line(clock.GetUtcNow(), $"run {run.Id}: fleet {run.Fleet.Name} to {run.Image.Ref.Label}, {run.State}; {RunTable.Summary(run)}");

    public void Progressed(MemberId member, string text)
    {
        // Too many for lines; what they lead to is told by the journal's entries.
    }

    public void Note(string text) => Line(clock.GetUtcNow(), text);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Line(DateTimeOffset at, string text)
    {
        lock (_one)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at:HH:mm:ss.fff} {text}"));
    }
}
