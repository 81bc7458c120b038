using Microsoft.Extensions.Logging;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>Reads anew what can be read anew without a restart: every fleet file, and the certificate.</summary>
internal sealed partial class Reload(RunsWorker worker, ServeParts parts, ILogger<Reload> logger)
{
    /// <summary>Does it now; what is wrong is logged, and what was read before stays in use.</summary>
    public void Now()
    {
        worker.ReadAnew();
        if (parts.Certificate is not { } certificate)
            return;
        if (certificate.Read() is { } wrong)
            LogKept(wrong);
        else
            LogRead(certificate.File);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate is read anew from {File}")]
    private partial void LogRead(string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificate that was read before stays in use: {Why}")]
    private partial void LogKept(string why);
}
