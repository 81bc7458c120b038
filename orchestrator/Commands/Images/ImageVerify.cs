using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image verify</c>: reads everything of an image again and says whether it holds.</summary>
internal static class ImageVerify
{
    public static Command Create()
    {
        var image = Catalogue.Image();
        var command = new Command("verify", "Check an image whole: content, package list, signatures, scans, the catalogue's log, every gate.") { image };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await Catalogue.OpenAsync(parsed, cancellation);
            var found = await catalogue.FindAsync(parsed.GetRequiredValue(image), cancellation);
            await catalogue.Reader.FindAsync(found.Image.Ref.Name, found.Image.Ref.Version, cancellation);
            var packages = await CountAsync(found, cancellation);
            var gates = await catalogue.JudgeAsync(found, cancellation);
            var faults = gates.Facts.Faults.Select(fault => fault.Why).Distinct().ToList();
            var holds = faults.Count == 0 && !gates.Refusals.Any();
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(new { Image = found.Image.Ref, Holds = holds, Packages = packages, Faults = faults, Gates = gates });
                return holds ? ExitCodes.Done : ExitCodes.Refused;
            }

            var screen = Screen.Of(context);
            screen.Line($"{found.Image.Ref}: its content is what its digest says; {(packages is null ? "it has no list of packages" : $"its list of {packages} packages can be read")}.", Shade.Good);
            foreach (var signature in gates.Facts.Signatures)
                screen.Line($"  signature by {signature.Key}: {signature.Standing.ToString().ToLowerInvariant()}, {signature.Detail}");
            GateText.Write(screen, gates);
            return holds ? ExitCodes.Done : ExitCodes.Refused;
        });
        return command;
    }

    private static async Task<int?> CountAsync(ShelvedImage image, CancellationToken cancellation)
    {
        if (PackageList.Of(image) is not { } packages)
            return null;
        try
        {
            return await packages.CountAsync(cancellation);
        }
        catch (Exception damaged) when (damaged is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Invalid, "packages-unreadable", damaged.Message, $"{image.Image.Ref.Label} does not hold; nothing was changed.");
        }
    }
}
