using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images;
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
            var catalogue = await Catalogue.OpenAsync(parsed, cancellation);
            var used = await ImageUse.ReadAsync(await context.JournalAsync(cancellation), cancellation);
            var rows = new List<(ShelvedImage Image, GateReport Gates, List<UsedImage> Used)>();
            foreach (var image in await catalogue.Reader.ListAsync(cancellation))
            {
                var shelved = await catalogue.FindAsync(image.Ref.Label, cancellation);
                rows.Add((shelved, await catalogue.JudgeAsync(shelved, cancellation), [.. used.Where(each => each.Image == image.Ref.Label)]));
            }

            foreach (var (image, gates, by) in context.Json ? rows : [])
                await context.Output.WriteJsonAsync(Document(image, gates, by));
            if (!context.Json)
                Table(Screen.Of(context), rows);
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command CreateShow()
    {
        var image = Catalogue.Image();
        var command = new Command("show", "Show all that is known of an image: manifest, signatures, scans, what people did with it, its gates, where it runs.") { image };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await Catalogue.OpenAsync(parsed, cancellation);
            var shelved = await catalogue.FindAsync(parsed.GetRequiredValue(image), cancellation);
            var gates = await catalogue.JudgeAsync(shelved, cancellation);
            var used = (await ImageUse.ReadAsync(await context.JournalAsync(cancellation), cancellation)).Where(each => each.Image == shelved.Image.Ref.Label).ToList();
            if (context.Json)
                await context.Output.WriteJsonAsync(Document(shelved, gates, used));
            else
                Write(Screen.Of(context), shelved, gates, used);
            return ExitCodes.Done;
        });
        return command;
    }

    private static object Document(ShelvedImage image, GateReport gates, List<UsedImage> used) =>
        new { image.Image, image.Directory, image.Manifest.Sbom, gates.Facts.Revoked, Usable = !gates.Refusals.Any(), Gates = gates, RunBy = used };

    private static void Table(Screen screen, List<(ShelvedImage Image, GateReport Gates, List<UsedImage> Used)> rows)
    {
        if (rows.Count == 0)
            screen.Line("There is no image. `refresh image add` puts one there.");
        screen.Table(
            ["IMAGE", "BUILT", "PATCH LEVEL", "GATES", "RUN BY"],
            [.. rows.Select(row => new Cell[]
            {
                row.Image.Image.Ref.Label,
                Instants.Full(row.Image.Image.BuiltAt),
                row.Image.Image.PatchLevel ?? Counted.Of(row.Image.Image.Patches.Count, "patch", "patches"),
                Standing(row.Gates),
                new(Fleets(row.Used), row.Used.Count > 0 && row.Gates.Facts.Revoked is not null ? Shade.Bad : Shade.None),
            })]);
    }

    private static Cell Standing(GateReport gates)
    {
        if (gates.Facts.Revoked is not null)
            return new("REVOKED", Shade.Bad);
        var refusing = gates.Gates.Where(gate => gate.Refusals.Count > 0).Select(gate => gate.Gate).Distinct().ToList();
        return refusing.Count == 0 ? new("usable", Shade.Good) : new($"refused: {string.Join(", ", refusing)}", Shade.Warning);
    }

    private static string Fleets(List<UsedImage> used) =>
        used.Count == 0 ? "nothing" : string.Join(", ", used.GroupBy(each => each.Fleet).Select(fleet => $"{fleet.Key} ({Counted.Of(fleet.Count(), "member")})"));

    private static void Write(Screen screen, ShelvedImage image, GateReport gates, List<UsedImage> used)
    {
        var (golden, facts) = (image.Image, gates.Facts);
        screen.Line(golden.Ref.Label);
        if (facts.Revoked is { } revoked)
            screen.Line($"  REVOKED by {revoked.By} on {Instants.Full(revoked.At)}: {revoked.Why}", Shade.Bad);
        screen.Table(["", ""], [.. Facts(image, facts).Where(fact => fact.Value is not null).Select(fact => new Cell[] { $"  {fact.Name}", fact.Value! })]);
        foreach (var signature in facts.Signatures)
            screen.Line($"  signature by {signature.Key}: {signature.Standing.ToString().ToLowerInvariant()}, {signature.Detail}", signature.Standing == SignatureStanding.Good ? Shade.Good : Shade.Bad);
        foreach (var scan in facts.Scans)
            screen.Line($"  scan by {scan.Tool}, {Instants.Full(scan.ScannedAt)}: {scan.Critical} critical, {scan.High} high, {scan.Medium} medium, {scan.Low} low, {scan.KnownExploited} known to be exploited");
        foreach (var approval in facts.Approvals)
            screen.Line($"  approved by {approval.By}, {Instants.Full(approval.At)}{(approval.Comment.Length > 0 ? $": {approval.Comment}" : string.Empty)}");
        GateText.Write(screen, gates);
        screen.Line(used.Count == 0 ? "No run has seen a member with it." : $"Run by, as the last runs saw it:", used.Count > 0 && facts.Revoked is not null ? Shade.Bad : Shade.None);
        foreach (var each in used)
            screen.Line($"  {each.Fleet}: {each.Member} (run {each.Run}, {Instants.Full(each.AsOf)})");
    }

    private static IEnumerable<(string Name, string? Value)> Facts(ShelvedImage image, ImageFacts facts) =>
    [
        ("digest", image.Image.Ref.Digest),
        ("built", Instants.Full(image.Image.BuiltAt)),
        ("source", image.Image.Source),
        ("base image", image.Image.BaseImage),
        ("patch level", image.Image.PatchLevel),
        ("patches", image.Image.Patches.Count > 0 ? string.Join(", ", image.Image.Patches) : null),
        ("packages", image.Manifest.Sbom ?? (image.Manifest.Packages is { } listed ? $"{listed.Count} in the manifest" : null)),
        ("providers", image.Image.Providers is { Count: > 0 } providers ? string.Join(", ", providers.Select(provider => $"{provider.Key}: {provider.Value}")) : null),
        ("in the catalogue since", facts.PublishedAt is { } published ? Instants.Full(published) : null),
        ("lies in", image.Directory),
    ];
}
