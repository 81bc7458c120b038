using System.Collections.Concurrent;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

/// <summary>Keeps what it is told, at once, and acts on the first time that it hears a word.</summary>
internal sealed class Heard(string word = "", Action? then = null) : IProgress<string>
{
    private readonly ConcurrentQueue<string> _words = new();
    private int _acted;

    public IReadOnlyCollection<string> Words => _words;

    public void Report(string value)
    {
        _words.Enqueue(value);
        if (then is not null && value.Contains(word, StringComparison.Ordinal) && Interlocked.Exchange(ref _acted, 1) == 0)
            then();
    }
}
