using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Reports;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image verify</c>: reads everything of an image again and says whether it holds.</summary>
internal static class ImageVerify
{
    public static Command Create()
    {
        var image = CatalogueOptions.Image();
        var command = new Command("verify", "Check an image whole: content, package list, signatures, scans, the catalogue's log, every gate.") { image };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await CatalogueOptions.OpenAsync(context, parsed, cancellation);
            var verified = await catalogue.VerifyAsync(parsed.GetRequiredValue(image), cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(verified);
            else
                Write(Screen.Of(context), verified);
            return verified.Holds ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static void Write(Screen screen, VerifiedImageDocument verified)
    {
        screen.Line($"{verified.Image}: its content is what its digest says; {(verified.Packages is { } packages ? $"its list of {packages} packages can be read" : "it has no list of packages")}.", Shade.Good);
        foreach (var signature in verified.Gates.Facts.Signatures)
            screen.Line($"  signature by {signature.Key}: {GateLines.Of(signature)}");
        GateText.Write(screen, verified.Gates);
    }
}
