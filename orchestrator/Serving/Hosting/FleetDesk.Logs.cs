using Microsoft.Extensions.Logging;
using Refresh.Workflows.Machines;

namespace Refresh.Orchestrator.Serving.Hosting;

internal sealed partial class FleetDesk
{
    private ILogger Logger => tools.Logger;

    private void LogLeft(string run, string fleet, RunState state) => Left(Logger, run, fleet, state);

    private void LogLost(string run, string fleet, string why) => Lost(Logger, run, fleet, why);

    private void LogBlocked(string run, string fleet, string why) => NotTakenUp(Logger, run, fleet, why);

    private void LogNotTakenUp(string run, string fleet, string why) => NotTakenUp(Logger, run, fleet, why);

    private void LogDefect(Exception defect, string run, string fleet) => Defect(Logger, defect, run, fleet);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run} of fleet {Fleet} is {State}, and left")]
    private static partial void Left(ILogger logger, string run, string fleet, RunState state);

    [LoggerMessage(Level = LogLevel.Error, Message = "The work on run {Run} of fleet {Fleet} has ended: {Why}")]
    private static partial void Lost(ILogger logger, string run, string fleet, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run} of fleet {Fleet} is not taken up: {Why}")]
    private static partial void NotTakenUp(ILogger logger, string run, string fleet, string why);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A defect ended the work on run {Run} of fleet {Fleet}")]
    private static partial void Defect(ILogger logger, Exception defect, string run, string fleet);
}
