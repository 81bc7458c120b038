using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust.Gates;

/// <summary>Made where images are made; another one is in quarantine until a person who may approves it with a comment.</summary>
internal static class OriginGate
{
    public static IEnumerable<Reason> Refusals(ImageFacts facts, ImagePolicy policy)
    {
        if (facts.Source is { } source && policy.Origins.Any(origin => IsFrom(source, origin)))
            yield break;
        if (facts.Approvals.Any(approval => approval.Comment.Length > 0 && policy.MayDecide(approval.By)))
            yield break;
        yield return new Reason(
            "image-quarantined",
            $"{facts.Image.Label} is in quarantine: {(facts.Source is null ? "its manifest tells no source, and it must be" : $"its source '{facts.Source}' is none")} of {string.Join(", ", policy.Origins)}",
            $"{policy.Deciders} releases it: `refresh image approve {facts.Image.Label} --comment TEXT`");
    }

    // The beginning ends where a part of the source does: 'https://git.example/images' is not the beginning of '...images-evil'.
    private static bool IsFrom(string source, string origin) =>
        source.StartsWith(origin, StringComparison.Ordinal)
        && (source.Length == origin.Length || origin.EndsWith('/') || source[origin.Length] is '/' or '@' or '#' or '?');
}
