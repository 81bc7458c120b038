using System.Diagnostics;

namespace Refresh.EndToEnd.Tests.Failpoints;

/// <summary>A moment in the program at which something happens to it: <c>a/drain/act/after</c> takes its power away, <c>a/drain/act/after=set-back</c> sets its clock back by an hour.</summary>
internal sealed class Failpoint(string text) : TimeProvider
{
    private static readonly TimeSpan s_jump = TimeSpan.FromHours(1);
    private readonly string _name = text.Split('=')[0];
    private readonly bool _setsBack = text.EndsWith("=set-back", StringComparison.Ordinal);
    private volatile bool _reached;

    /// <summary>Whether it is one of these moments.</summary>
    public bool Is(string name) => name == _name;

    /// <summary>Is told that the program is at a moment.</summary>
    public void Reach(string name)
    {
        if (name != _name || _reached)
            return;
        _reached = true;
        if (_setsBack)
            return;
        // SIGKILL: nothing is flushed, nothing is closed.
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>The program's clock.</summary>
    public override DateTimeOffset GetUtcNow() => _setsBack && _reached ? System.GetUtcNow() - s_jump : System.GetUtcNow();
}
