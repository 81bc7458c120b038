using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Secrets;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>The service's log: a JSON object a line on standard output, with run, pair and member where there is one, and with no secret.</summary>
internal static class ServeLog
{
    public static ILogger Create(ServeSettings settings, Redaction redaction, string? file)
    {
        var formatter = new CleanFormatter(new RenderedCompactJsonFormatter(), redaction);
        var log = new LoggerConfiguration()
            .MinimumLevel.Is(settings.LogLevel)
            .MinimumLevel.Override("Microsoft.AspNetCore", Higher(settings.LogLevel, LogEventLevel.Warning))
            .MinimumLevel.Override("System.Net.Http", Higher(settings.LogLevel, LogEventLevel.Warning))
            .MinimumLevel.Override("Yarp", Higher(settings.LogLevel, LogEventLevel.Warning))
            .Enrich.FromLogContext();
        return (file is null ? log.WriteTo.Console(formatter) : log.WriteTo.File(formatter, file)).CreateLogger();
    }

    private static LogEventLevel Higher(LogEventLevel one, LogEventLevel other) => one > other ? one : other;
}
