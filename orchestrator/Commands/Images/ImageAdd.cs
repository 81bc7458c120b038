using System.CommandLine;
using Refresh.Orchestrator.Application.Catalogues;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images.Sources;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image add</c>: puts an image into the catalogue.</summary>
internal static class ImageAdd
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "A directory with a manifest.json, a git checkout (with --commit), or the URL of an archive (with --digest)." };
        var commit = new Option<string?>("--commit") { Description = "Take what is committed there, read by git." };
        var path = new Option<string?>("--path") { Description = "The image's directory in the checkout or archive." };
        var digest = new Option<string?>("--digest") { Description = "What the fetched archive's digest must be: sha256: and 64 hexadecimal digits." };
        var scan = new Option<string[]>("--scan") { Description = "A scan report of it: Trivy or Grype JSON, or SARIF; may be given several times." };
        var comment = new Option<string?>("--comment") { Description = "A comment for the catalogue's log." };
        var command = new Command("add", "Put an image into the catalogue: copied, checked, and moved in whole.") { source, commit, path, digest, scan, comment };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await CatalogueOptions.OpenAsync(context, parsed, cancellation);
            using var opened = await new ImageSource(parsed.GetRequiredValue(source), parsed.GetValue(commit), parsed.GetValue(path), parsed.GetValue(digest)).OpenAsync(cancellation);
            var added = await catalogue.AddAsync(new IncomingImage(opened.Directory, opened.Told, parsed.GetValue(scan) ?? [], parsed.GetValue(comment)), cancellation);
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(added);
                return ExitCodes.Done;
            }

            var screen = Screen.Of(context);
            screen.Line($"Added {added.Image} from {added.From}, to {added.Directory}.");
            GateText.Write(screen, added.Gates);
            return ExitCodes.Done;
        });
        return command;
    }
}
