using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Ports;

/// <summary>An adapter could not do, or could not read, what it was asked to; the reason says what was seen and what to do next.</summary>
public sealed class AdapterException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reason">What was seen, and what to do next. It holds no secret.</param>
    /// <param name="inner">What caused it, if anything.</param>
    public AdapterException(Reason reason, Exception? inner = null)
        : base(reason?.ToString(), inner) => Reason = reason ?? throw new ArgumentNullException(nameof(reason));

    /// <summary>What was seen, and what to do next.</summary>
    public Reason Reason { get; }
}
