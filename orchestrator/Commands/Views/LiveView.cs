using System.Collections.Concurrent;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Refresh.Orchestrator.Commands.Views;

/// <summary>On a terminal: a table that is kept up to date, with the latest events above it.</summary>
internal sealed class LiveView : IRunView
{
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(200);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _clock;
    private readonly Func<string?> _extra;
    private readonly ConcurrentDictionary<MemberId, string> _progress = new();
    private readonly ConcurrentQueue<string> _notes = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _drawing;
    private volatile Run? _run;

    public LiveView(IAnsiConsole console, TimeProvider clock, Func<string?>? extra = null)
    {
        _console = console;
        _clock = clock;
        _extra = extra ?? (() => null);
        _drawing = DrawAsync();
    }

    public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
    {
        _run = run;
        foreach (var moved in entries.Select(entry => entry.Event).OfType<MemberMoved>())
            _progress.TryRemove(moved.Member, out _);
    }

    public void Progressed(MemberId member, string text) => _progress[member] = text;

    public void Note(string text)
    {
        _notes.Enqueue(text);
        while (_notes.Count > 3)
            _notes.TryDequeue(out _);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _drawing;
        _end.Dispose();
    }

    private Task DrawAsync() => _console.Live(Text.Empty).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
    {
        try
        {
            while (true)
            {
                Draw(live);
                await Task.Delay(s_frame, _clock, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Draw(live);
        }
    });

    private void Draw(LiveDisplayContext live)
    {
        var parts = new List<IRenderable>();
        if (_run is { } run)
            parts.AddRange([RunTable.Of(run, _progress, _clock.GetUtcNow(), _console.Profile.Width), new Text(RunTable.Summary(run))]);
        if (_extra() is { } extra)
            parts.Add(new Text(extra));
        parts.AddRange(_notes.Select(note => new Text(note, new Style(Color.Yellow))));
        live.UpdateTarget(new Rows(parts));
    }
}
