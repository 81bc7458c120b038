using System.CommandLine;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh report</c>: what a run did, with its evidence.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var run = FleetArguments.Run();
        var html = new Option<string?>("--html") { Description = "Write the report to this file, as one page that needs nothing else." };
        var command = new Command("report", "Tell what a run did, to whom and with what proof.") { run, html };
        command.Do(async (context, parsed, cancellation) =>
        {
            var journal = await context.ReadingAsync(cancellation);
            var id = await RunChoice.FindAsync(journal, parsed.GetValue(run), cancellation);
            var report = RunReport.From((await RunHistory.ReadAsync(journal, id, cancellation)).Entries);
            var path = parsed.GetValue(html);
            if (path is not null)
                await OutputFile.WriteAsync(path, HtmlReport.Render(report, null), replace: true, cancellation);
            await WriteAsync(context, report, path);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task WriteAsync(CommandContext context, RunReport report, string? page)
    {
        if (context.Json)
        {
            await context.Output.WriteLineAsync(JsonReport.Render(report, null));
            return;
        }

        var screen = Screen.Of(context);
        foreach (var line in page is null ? TextReport.Render(report, null) : [$"{Conclusion.Of(report).Headline}.", $"The report of run {report.Run} is in {Path.GetFullPath(page)}"])
            screen.Line(line);
    }
}
