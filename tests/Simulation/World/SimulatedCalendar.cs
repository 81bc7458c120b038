using Refresh.Simulation.Faults;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Windows;

namespace Refresh.Simulation.World;

/// <summary>The calendar of the fleet's patch windows.</summary>
internal sealed class SimulatedCalendar(Scenario scenario) : IPatchCalendar
{
    public Task<WindowOutlook> LookAsync(DateTimeOffset at, CancellationToken cancellation) => scenario.Strikes(Fault.CalendarUnreadable)
        ? throw new AdapterException(new Reason("calendar-unreadable", "the calendar cannot be read in the simulation", "it can"))
        : Task.FromResult(new WindowOutlook([.. scenario.Windows.Where(window => window.End > at)], DateTimeOffset.MaxValue));
}
