using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image diff</c>: what differs between two images.</summary>
internal static class ImageDiffCommand
{
    public static Command Create()
    {
        var from = CatalogueOptions.Image("from");
        var to = CatalogueOptions.Image("to");
        var command = new Command("diff", "Show what differs between two images: packages added, removed and upgraded, CVEs closed and opened.") { from, to };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await CatalogueOptions.OpenAsync(context, parsed, cancellation);
            var diff = await catalogue.DiffAsync(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(diff);
            else
                Write(Screen.Of(context), diff);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(Screen screen, ImageDiffDocument diff)
    {
        screen.Line($"{diff.From} -> {diff.To}: {Counted.Of(diff.Added.Count, "package")} added, {diff.Removed.Count} removed, {diff.Changed.Count} changed; {Counted.Of(diff.Closed.Count, "CVE")} closed, {diff.Opened.Count} opened");
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
