using System.CommandLine;
using Refresh.Orchestrator.Documents;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image scan</c>: takes in what a scanner found.</summary>
internal static class ImageScan
{
    public static Command Create()
    {
        var image = Catalogue.Image();
        var report = new Argument<string>("report") { Description = "The report as the scanner wrote it: Trivy or Grype JSON, or SARIF." };
        var command = new Command("scan", "Take in a scan report of an image.") { image, report };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await Catalogue.OpenAsync(parsed, cancellation);
            var found = await catalogue.FindAsync(parsed.GetRequiredValue(image), cancellation);
            var read = await catalogue.Writer.ScanAsync(found, parsed.GetRequiredValue(report), CommandContext.User, cancellation);
            var gates = await catalogue.JudgeAsync(found, cancellation);
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(new { Image = found.Image.Ref, gates.Facts.Scans, Usable = !gates.Refusals.Any(), gates.Refusals });
                return ExitCodes.Done;
            }

            var screen = Screen.Of(context);
            screen.Line($"The report of {read.Tool} on {found.Image.Ref.Label} is taken in: {read.Found.Count} vulnerabilities.");
            GateText.Write(screen, gates);
            return ExitCodes.Done;
        });
        return command;
    }
}
