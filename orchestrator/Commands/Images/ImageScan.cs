using System.CommandLine;
using Refresh.Orchestrator.Documents;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image scan</c>: takes in what a scanner found.</summary>
internal static class ImageScan
{
    public static Command Create()
    {
        var image = CatalogueOptions.Image();
        var report = new Argument<string>("report") { Description = "The report as the scanner wrote it: Trivy or Grype JSON, or SARIF." };
        var command = new Command("scan", "Take in a scan report of an image.") { image, report };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await CatalogueOptions.OpenAsync(context, parsed, cancellation);
            var scanned = await catalogue.ScanAsync(parsed.GetRequiredValue(image), parsed.GetRequiredValue(report), cancellation);
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(scanned);
                return ExitCodes.Done;
            }

            var screen = Screen.Of(context);
            screen.Line($"The report of {scanned.Tool} on {scanned.Image.Label} is taken in: {scanned.Found} vulnerabilities.");
            GateText.Write(screen, scanned.Gates);
            return ExitCodes.Done;
        });
        return command;
    }
}
