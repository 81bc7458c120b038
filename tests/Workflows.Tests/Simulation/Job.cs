using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>An intent that is being carried out: a sequence of effects with waits between them, which can be cut at each wait.</summary>
internal sealed class Job(Intent intent)
{
    public Intent Intent { get; } = intent;

    /// <summary>What is still to be done; null before it is begun.</summary>
    public IEnumerator<TimeSpan>? Steps { get; set; }

    /// <summary>What came of it; null while it goes on.</summary>
    public Outcome? Outcome { get; set; }

    /// <summary>It is to end at its next wait, without an outcome.</summary>
    public bool Withdrawn { get; set; }

    /// <summary>It has ended, or its worker is lost.</summary>
    public bool Ended { get; set; }
}
