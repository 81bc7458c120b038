using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image sign</c>: signs the manifest of an image.</summary>
internal static class ImageSign
{
    public static Command Create()
    {
        var image = new Argument<string>("image") { Description = "An image of the catalogue, name@version, or the directory of one that is not in it yet." };
        var key = new Option<string>("--key") { Description = "The file with the private key.", Required = true };
        var command = new Command("sign", "Sign an image: its manifest, and by the digest in it its content.") { image, key };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await CatalogueOptions.OpenHereAsync(context, parsed, cancellation);
            var told = parsed.GetRequiredValue(image);
            var directory = File.Exists(Path.Combine(told, Manifest.FileName)) ? Path.GetFullPath(told) : (await catalogue.FindAsync(told, cancellation)).Directory;
            var by = await new CatalogueWriter(catalogue.Settings, CommandContext.Clock).SignAsync(directory, parsed.GetRequiredValue(key), cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(new { Directory = directory, Key = by });
            else
                Screen.Of(context).Line($"Signed by {by}: {Path.Combine(directory, "manifest.json.sig")}");
            return ExitCodes.Done;
        });
        return command;
    }
}
