using System.Globalization;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Images;

namespace Refresh.Workflows.Audit;

/// <summary>What is said of the images that members run, and of those that none runs.</summary>
internal static class ImageRules
{
    public static IEnumerable<Finding> Judge(FleetFacts fleet, MemberFacts seen, AuditFacts facts, AuditPolicy policy)
    {
        Finding Found(string rule, Risk risk, string text, string next) => new(rule, risk, fleet.Fleet.Name, seen.Id.ToString(), text, next);

        if (seen.Guest?.Image is not { } runs)
        {
            if (seen.Vm is { Power: VmPower.On })
                yield return Found(AuditRuleNames.ImageUnseen, Risk.High, $"what it runs cannot be seen; the provisioner says that it was made from {seen.Vm.Image ?? "nothing known"}", "let its guest tell its identity (see docs/guest.md), or rebuild it: refresh run");
            yield break;
        }

        if (fleet.Wanted is { } wanted && runs != wanted.Ref)
            yield return Found(AuditRuleNames.ImageBehind, Risk.Medium, $"it runs {runs.Label}, and {wanted.Ref.Label} is wanted{Gained(facts.Find(runs)?.Image, wanted)}", "refresh run");
        if (facts.RevocationOf(runs) is { } revoked)
            yield return Found(AuditRuleNames.RevokedImage, Risk.Critical, $"it runs {runs.Label}, which {revoked.By} revoked at {revoked.At:u}: {revoked.Why}", "refresh run with an image that is not revoked");
        if (facts.Find(runs) is not { } known)
        {
            var twin = facts.Images.FirstOrDefault(one => one.Image.Ref.Label == runs.Label);
            if (twin is null && facts.Unseen.HasFlag(Unseen.Images))
                yield break;
            yield return twin is not null
                ? Found(AuditRuleNames.ContentDrift, Risk.High, $"it runs {runs}, and the catalogue's {runs.Label} has other content: {twin.Image.Ref.Digest}", "find out which of them is right, and build the next image under another version; then refresh run")
                : Found(AuditRuleNames.UnknownImage, Risk.Medium, $"it runs {runs}, which no catalogue has: nobody can tell its age or what is in it", "refresh run, or put the image into the catalogue");
            yield break;
        }

        if (facts.At - known.Image.BuiltAt > policy.MaxImageAge)
            yield return Found(AuditRuleNames.ImageOld, Risk.Medium, $"it runs {runs.Label}, built {Days(facts.At - known.Image.BuiltAt)} ago; {Days(policy.MaxImageAge)} are allowed", "build a newer image and refresh run");
    }

    public static IEnumerable<Finding> Catalogue(AuditFacts facts)
    {
        var running = facts.Fleets.SelectMany(fleet => fleet.Members.Values).Select(seen => seen.Guest?.Image).OfType<ImageRef>().ToHashSet();
        var made = facts.Fleets.SelectMany(fleet => fleet.Members.Values).Select(seen => seen.Vm?.Image).OfType<string>().ToHashSet();
        foreach (var fleet in facts.Fleets)
        {
            if (fleet.Wanted is { } wanted && Newest(facts, wanted.Ref.Name) is { } newest && newest.Image.BuiltAt > wanted.BuiltAt)
            {
                yield return new Finding(AuditRuleNames.ImageWaiting, Risk.Low, fleet.Fleet.Name, wanted.Ref.Label,
                    $"{fleet.Source} wants {wanted.Ref.Label}, and {newest.Image.Ref.Label} was built {Days(newest.Image.BuiltAt - wanted.BuiltAt)} later{Gained(wanted, newest.Image)}",
                    $"name it in the fleet file, or refresh run --image {newest.Image.Ref.Label}");
            }
        }

        if (facts.Unseen.HasFlag(Unseen.Fleets) || facts.Fleets.Any(fleet => fleet.Fleet.Members().Any(member => MayRunAny(fleet.Members.GetValueOrDefault(member.Id)))))
            yield break;
        foreach (var one in facts.Images.Where(one => !running.Contains(one.Image.Ref) && !made.Any(from => IsMadeFrom(one.Image, from)) && !Wanted(facts, one)))
        {
            if (one != Newest(facts, one.Image.Ref.Name))
                yield return new Finding(AuditRuleNames.ImageUnused, Risk.Note, null, one.Image.Ref.Label, $"nothing runs {one.Image.Ref.Label}, built {one.Image.BuiltAt:u}{(one.Revoked is null ? string.Empty : "; it is revoked")}", "keep it while a rollback may need it; then delete it");
        }
    }

    /// <summary>Whether that is what a provisioner calls the image: by its label, or by its id at any site.</summary>
    public static bool IsMadeFrom(GoldenImage image, string? made) =>
        made is not null && (made == image.Ref.Label || made == image.Location || (image.Providers?.Values.Contains(made) ?? false));

    // Nobody is told to delete what a silent member may run.
    private static bool MayRunAny(MemberFacts? seen) => seen is not ({ Guest: not null } or { Vm.Image: not null } or { Vm.Power: VmPower.Missing });

    private static bool Wanted(AuditFacts facts, CatalogueImage one) => facts.Fleets.Any(fleet => fleet.Wanted?.Ref == one.Image.Ref);

    private static CatalogueImage? Newest(AuditFacts facts, string name) =>
        facts.Images.Where(one => one.Image.Ref.Name == name && one.Revoked is null).MaxBy(one => one.Image.BuiltAt);

    private static string Gained(GoldenImage? from, GoldenImage to)
    {
        var gained = from is null ? [] : to.Patches.Except(from.Patches).ToList();
        return gained.Count == 0 ? string.Empty : $" ({string.Join(", ", gained.Take(5))}{(gained.Count > 5 ? $" and {gained.Count - 5} more" : string.Empty)} would be closed)";
    }

    private static string Days(TimeSpan time) => time.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalDays):0} days")
        : Evidence.Durations.InWords(time);
}
