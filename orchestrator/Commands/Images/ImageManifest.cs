using System.CommandLine;
using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Images.Signing;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image manifest</c>: writes the manifest of a directory, with the digest of what is in it.</summary>
internal static class ImageManifest
{
    public static Command Create()
    {
        var directory = new Argument<string>("directory") { Description = "The directory of the image." };
        var name = new Option<string>("--name") { Description = "The image's name.", Required = true };
        var version = new Option<string>("--image-version") { Description = "Its version.", Required = true };
        var source = new Option<string?>("--source") { Description = "Where it was made, for example https://git.example/images@COMMIT." };
        var baseImage = new Option<string?>("--base") { Description = "The image that it was made from." };
        var level = new Option<string?>("--patch-level") { Description = "How far it is patched." };
        var patches = new Option<string[]>("--patch") { Description = "Something that was patched into it, for example a CVE; may be given several times." };
        var sbom = new Option<string?>("--sbom") { Description = "Its SBOM, a file below the directory: CycloneDX or SPDX JSON." };
        var location = new Option<string?>("--location") { Description = "Where the provisioner finds it; otherwise the directory." };
        var providers = new Option<string[]>("--provider") { Description = "SITE=ID, where the provisioner of a site finds it; may be given several times." };
        var command = new Command("manifest", "Write the manifest of an image's directory.") { directory, name, version, source, baseImage, level, patches, sbom, location, providers };
        command.Do(async (context, parsed, cancellation) =>
        {
            var place = Path.GetFullPath(parsed.GetRequiredValue(directory));
            if (File.Exists(Manifest.Path(place)))
                throw new CommandFailure(ExitCodes.Refused, "manifest-exists", $"{Manifest.Path(place)} is there already, and was not changed.", "Remove it first if it is to be written anew.");
            try
            {
                var document = JsonSerializer.SerializeToUtf8Bytes(
                    new
                    {
                        name = parsed.GetRequiredValue(name),
                        version = parsed.GetRequiredValue(version),
                        builtAt = CommandContext.Clock.GetUtcNow(),
                        source = parsed.GetValue(source),
                        baseImage = parsed.GetValue(baseImage),
                        patchLevel = parsed.GetValue(level),
                        patches = parsed.GetValue(patches) ?? [],
                        sbom = parsed.GetValue(sbom),
                        location = parsed.GetValue(location),
                        providers = parsed.GetValue(providers) is { Length: > 0 } sites ? sites.ToDictionary(site => site.Split('=')[0], site => site[(site.IndexOf('=', StringComparison.Ordinal) + 1)..]) : null,
                        digest = await ContentDigest.ComputeAsync(place, cancellation),
                    },
                    ManifestSignatures.Json);
                var image = Manifest.Parse(document, place);
                await SmallFile.WriteAsync(Manifest.Path(place), document, cancellation);
                if (context.Json)
                    await context.Output.WriteJsonAsync(new { Image = image.Ref, Manifest = Manifest.Path(place) });
                else
                    Screen.Of(context).Line($"Wrote {Manifest.Path(place)}: {image.Ref}");
                return ExitCodes.Done;
            }
            catch (Exception mistake) when (mistake is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new CommandFailure(ExitCodes.Invalid, "manifest-not-written", $"No manifest was written for {place}: {mistake.Message}");
            }
        });
        return command;
    }
}
