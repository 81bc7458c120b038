using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image diff</c>: what differs between two images.</summary>
internal static class ImageDiffCommand
{
    public static Command Create()
    {
        var from = Catalogue.Image("from");
        var to = Catalogue.Image("to");
        var command = new Command("diff", "Show what differs between two images: packages added, removed and upgraded, CVEs closed and opened.") { from, to };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await Catalogue.OpenAsync(parsed, cancellation);
            var one = await ContentsAsync(catalogue, parsed.GetRequiredValue(from), cancellation);
            var other = await ContentsAsync(catalogue, parsed.GetRequiredValue(to), cancellation);
            var diff = one.To(other);
            if (context.Json)
                await context.Output.WriteJsonAsync(new { From = one.Label, To = other.Label, diff.Added, diff.Removed, diff.Changed, diff.Closed, diff.Opened, diff.Basis });
            else
                Write(Screen.Of(context), one, other, diff);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<ImageContents> ContentsAsync(Catalogue catalogue, string label, CancellationToken cancellation)
    {
        var image = await catalogue.FindAsync(label, cancellation);
        try
        {
            var packages = PackageList.Of(image) is { } list ? await list.ToListAsync(cancellation) : null;
            var vulnerabilities = await catalogue.Writer.VulnerabilitiesAsync(image, cancellation);
            return new ImageContents(image.Image.Ref.Label, packages, vulnerabilities, image.Image.Patches);
        }
        catch (Exception damaged) when (damaged is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Invalid, "images-not-compared", damaged.Message, "The images are not compared; nothing was changed.");
        }
    }

    private static void Write(Screen screen, ImageContents from, ImageContents to, ImageDiff diff)
    {
        screen.Line($"{from.Label} -> {to.Label}: {Counted.Of(diff.Added.Count, "package")} added, {diff.Removed.Count} removed, {diff.Changed.Count} changed; {Counted.Of(diff.Closed.Count, "CVE")} closed, {diff.Opened.Count} opened");
        screen.Table(
            ["", "PACKAGE", "FROM", "TO"],
            [
                .. diff.Added.Select(package => new Cell[] { new("added", Shade.Good), package.Name, "", package.Version }),
                .. diff.Removed.Select(package => new Cell[] { new("removed", Shade.Soft), package.Name, package.Version, "" }),
                .. diff.Changed.Select(package => new Cell[] { Direction(package.Upgraded), package.Name, package.From, package.To }),
            ]);
        if (diff.Closed.Count > 0)
            screen.Line($"closed: {string.Join(", ", diff.Closed)}", Shade.Good);
        if (diff.Opened.Count > 0)
            screen.Line($"opened: {string.Join(", ", diff.Opened)}", Shade.Bad);
        foreach (var missing in diff.Basis)
            screen.Line(missing, Shade.Warning);
    }

    private static Cell Direction(bool? upgraded) => upgraded switch
    {
        true => new("upgraded", Shade.Good),
        false => new("DOWNGRADED", Shade.Bad),
        _ => new("changed"),
    };
}
