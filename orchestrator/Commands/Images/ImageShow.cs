using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image list</c> and <c>refresh image show</c>: what there is, what is to be said of it, and where it runs.</summary>
internal static class ImageShow
{
    public static Command CreateList()
    {
        var command = new Command("list", "List the images with what their gates say and where each runs.");
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await CatalogueOptions.OpenAsync(context, parsed, cancellation);
            var images = await catalogue.ListAsync(cancellation);
            foreach (var image in context.Json ? images : [])
                await context.Output.WriteJsonAsync(image);
            if (!context.Json)
                Table(Screen.Of(context), images);
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command CreateShow()
    {
        var image = CatalogueOptions.Image();
        var command = new Command("show", "Show all that is known of an image: manifest, signatures, scans, what people did with it, its gates, where it runs.") { image };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await CatalogueOptions.OpenAsync(context, parsed, cancellation);
            var shown = await catalogue.ShowAsync(parsed.GetRequiredValue(image), cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(shown);
            else
                Write(Screen.Of(context), shown);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Table(Screen screen, IReadOnlyList<ImageDocument> images)
    {
        if (images.Count == 0)
            screen.Line("There is no image. `refresh image add` puts one there.");
        screen.Table(
            ["IMAGE", "BUILT", "PATCH LEVEL", "GATES", "RUN BY"],
            [.. images.Select(row => new Cell[]
            {
                row.Image.Ref.Label,
                Instants.Full(row.Image.BuiltAt),
                row.Image.PatchLevel ?? Counted.Of(row.Image.Patches.Count, "patch", "patches"),
                Standing(row.Gates),
                new(Fleets(row.RunBy), row.RunBy.Count > 0 && row.Gates.Facts.Revoked is not null ? Shade.Bad : Shade.None),
            })]);
    }

    private static Cell Standing(GateReport gates)
    {
        if (gates.Facts.Revoked is not null)
            return new("REVOKED", Shade.Bad);
        var refusing = gates.Gates.Where(gate => gate.Refusals.Count > 0).Select(gate => gate.Gate).Distinct().ToList();
        return refusing.Count == 0 ? new("usable", Shade.Good) : new($"refused: {string.Join(", ", refusing)}", Shade.Warning);
    }

    private static string Fleets(IReadOnlyList<UsedImage> used) =>
        used.Count == 0 ? "nothing" : string.Join(", ", used.GroupBy(each => each.Fleet).Select(fleet => $"{fleet.Key} ({Counted.Of(fleet.Count(), "member")})"));

    private static void Write(Screen screen, ImageDocument shown)
    {
        var (golden, facts, used) = (shown.Image, shown.Gates.Facts, shown.RunBy);
        screen.Line(golden.Ref.Label);
        if (facts.Revoked is { } revoked)
            screen.Line($"  REVOKED by {revoked.By} on {Instants.Full(revoked.At)}: {revoked.Why}", Shade.Bad);
        screen.Table(["", ""], [.. Facts(shown).Where(fact => fact.Value is not null).Select(fact => new Cell[] { $"  {fact.Name}", fact.Value! })]);
        foreach (var signature in facts.Signatures)
            screen.Line($"  signature by {signature.Key}: {GateLines.Of(signature)}", signature.Standing == SignatureStanding.Good ? Shade.Good : Shade.Bad);
        foreach (var scan in facts.Scans)
            screen.Line($"  scan by {scan.Tool}, {Instants.Full(scan.ScannedAt)}: {scan.Critical} critical, {scan.High} high, {scan.Medium} medium, {scan.Low} low, {scan.KnownExploited} known to be exploited");
        foreach (var approval in facts.Approvals)
            screen.Line($"  approved by {approval.By}, {Instants.Full(approval.At)}{(approval.Comment.Length > 0 ? $": {approval.Comment}" : string.Empty)}");
        GateText.Write(screen, shown.Gates);
        screen.Line(used.Count == 0 ? "No run has seen a member with it." : $"Run by, as the last runs saw it:", used.Count > 0 && facts.Revoked is not null ? Shade.Bad : Shade.None);
        foreach (var each in used)
            screen.Line($"  {each.Fleet}: {each.Member} (run {each.Run}, {Instants.Full(each.AsOf)})");
    }

    private static IEnumerable<(string Name, string? Value)> Facts(ImageDocument shown) =>
    [
        ("digest", shown.Image.Ref.Digest),
        ("built", Instants.Full(shown.Image.BuiltAt)),
        ("source", shown.Image.Source),
        ("base image", shown.Image.BaseImage),
        ("patch level", shown.Image.PatchLevel),
        ("patches", shown.Image.Patches.Count > 0 ? string.Join(", ", shown.Image.Patches) : null),
        ("packages", shown.Sbom ?? (shown.Packages is { } listed ? $"{listed} in the manifest" : null)),
        ("providers", shown.Image.Providers is { Count: > 0 } providers ? string.Join(", ", providers.Select(provider => $"{provider.Key}: {provider.Value}")) : null),
        ("in the catalogue since", shown.Gates.Facts.PublishedAt is { } published ? Instants.Full(published) : null),
        ("lies in", shown.Directory),
    ];
}
