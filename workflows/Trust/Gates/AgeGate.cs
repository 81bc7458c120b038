using System.Globalization;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust.Gates;

/// <summary>Not too old, and not from the future.</summary>
internal static class AgeGate
{
    /// <summary>How far clocks may be apart.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static IEnumerable<Reason> Refusals(ImageFacts facts, ImagePolicy policy, DateTimeOffset now)
    {
        var age = now - facts.BuiltAt;
        if (age < -Tolerance)
            yield return new Reason("image-from-future", $"{facts.Image.Label} says that it was built on {Words.Day(facts.BuiltAt)}, which is not yet", "the clock of the machine that builds images, or of this one, is set right");
        if (age > TimeSpan.FromDays(policy.MaxAgeDays!.Value))
            yield return new Reason(
                "image-too-old",
                string.Create(CultureInfo.InvariantCulture, $"{facts.Image.Label} was built {Words.Span(age)} ago, and {policy.Origin} lets it be {policy.MaxAgeDays} days old"),
                "a newer image is built and used");
    }
}
