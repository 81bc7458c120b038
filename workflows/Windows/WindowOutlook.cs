namespace Refresh.Workflows.Windows;

/// <summary>The patch windows that a fleet has, as its calendars said when they were read. Journaled with the run that is bound by it.</summary>
/// <param name="Windows">The open one and those to come, freezes taken out, in order, none touching the next.</param>
/// <param name="Until">How far ahead the calendars were read.</param>
public sealed record WindowOutlook(IReadOnlyList<PatchWindow> Windows, DateTimeOffset Until)
{
    /// <summary>Whether both promise the same windows.</summary>
    /// <param name="other">The other outlook, or null.</param>
    /// <returns>True when no window differs.</returns>
    public bool Agrees(WindowOutlook? other) => other is not null && Windows.SequenceEqual(other.Windows);
}
