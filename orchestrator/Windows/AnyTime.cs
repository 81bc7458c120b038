using Refresh.Workflows.Ports;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Windows;

/// <summary>The calendar of a fleet that has no patch windows, or has none any more.</summary>
public sealed class AnyTime : IPatchCalendar
{
    /// <inheritdoc />
    public Task<WindowOutlook> LookAsync(DateTimeOffset at, CancellationToken cancellation) =>
        Task.FromResult(new WindowOutlook([new PatchWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue)], DateTimeOffset.MaxValue));
}
