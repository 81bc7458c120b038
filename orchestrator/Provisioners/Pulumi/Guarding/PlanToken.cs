namespace Refresh.Orchestrator.Provisioners.Pulumi.Guarding;

/// <summary>The handle of a saved plan, as the journal keeps it.</summary>
/// <param name="File">The file of the plan.</param>
/// <param name="Digest">The digest of that file.</param>
/// <param name="Forced">Whether the plan forces the replacement.</param>
/// <param name="Image">The image that it is a plan for.</param>
internal sealed record PlanToken(string File, string Digest, bool Forced, string Image)
{
    private const string ForcedWord = "forced";

    /// <summary>Reads a token; null when it is none of this adapter's.</summary>
    public static PlanToken? Parse(string text) =>
        text.Split('\n') is [var file, var digest, var how, var image] ? new(file, digest, how == ForcedWord, image) : null;

    /// <inheritdoc />
    public override string ToString() => string.Join('\n', File, Digest, Forced ? ForcedWord : "plain", Image);
}
