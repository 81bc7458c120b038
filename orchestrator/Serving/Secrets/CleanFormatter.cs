using Serilog.Events;
using Serilog.Formatting;

namespace Refresh.Orchestrator.Serving.Secrets;

/// <summary>Writes log events with every secret taken out, wherever in the event it stands.</summary>
internal sealed class CleanFormatter(ITextFormatter inner, Redaction redaction) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var written = new StringWriter();
        inner.Format(logEvent, written);
        output.Write(redaction.Clean(written.ToString()));
    }
}
