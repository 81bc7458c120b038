using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust.Gates;

/// <summary>Long enough in the catalogue for others to have met its defects.</summary>
internal static class SoakGate
{
    public static IEnumerable<Reason> Refusals(ImageFacts facts, ImagePolicy policy, DateTimeOffset now)
    {
        if (facts.PublishedAt is not { } published)
            yield return new Reason("image-publishing-unknown", $"since when {facts.Image.Label} is in the catalogue is not known", "it is put there by `refresh image add`");
        else if (now - published < policy.Soak)
            yield return new Reason("image-too-fresh", $"{facts.Image.Label} is in the catalogue for {Words.Span(now - published)}, and {policy.Origin} asks for {Words.Span(policy.Soak)}", $"it is {Words.Day(published + policy.Soak)}");
    }
}
