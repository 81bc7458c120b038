using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;

namespace Refresh.Orchestrator.Commands;

/// <summary>The log of a command: a file if the user names one, otherwise none, since the terminal belongs to the run.</summary>
internal static class Logging
{
    public static ILoggerFactory Create(string? path)
    {
        if (path is null)
            return NullLoggerFactory.Instance;
        var serilog = new LoggerConfiguration()
            .MinimumLevel.Debug()
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Yarp", LogEventLevel.Warning)
            .WriteTo.File(new CompactJsonFormatter(), path, buffered: false)
            .CreateLogger();
        return new SerilogLoggerFactory(serilog, dispose: true);
    }
}
