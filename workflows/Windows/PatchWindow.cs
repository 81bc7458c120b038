namespace Refresh.Workflows.Windows;

/// <summary>A time in which pairs may be begun. What is begun in it ends in it, by what pairs took before.</summary>
/// <param name="Start">The first instant of it.</param>
/// <param name="End">The first instant after it.</param>
public sealed record PatchWindow(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>How long it is.</summary>
    public TimeSpan Length => End - Start;

    /// <summary>Whether an instant is in it.</summary>
    /// <param name="at">The instant.</param>
    /// <returns>True from the start until just before the end.</returns>
    public bool Holds(DateTimeOffset at) => Start <= at && at < End;

    /// <summary>Whether something that takes so long, begun at an instant or at the start if that is later, ends in it.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="takes">How long it takes.</param>
    /// <returns>True when it fits.</returns>
    public bool Fits(DateTimeOffset at, TimeSpan takes) => (at > Start ? at : Start) is var begun && begun < End && takes <= End - begun;
}
