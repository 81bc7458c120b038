using Refresh.Workflows.Windows;

namespace Refresh.Workflows.Ports;

/// <summary>Says when a fleet may be worked on.</summary>
public interface IPatchCalendar
{
    /// <summary>Reads the calendars.</summary>
    /// <param name="at">Now.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The open window and those to come.</returns>
    /// <exception cref="AdapterException">A calendar cannot be read.</exception>
    Task<WindowOutlook> LookAsync(DateTimeOffset at, CancellationToken cancellation);
}
