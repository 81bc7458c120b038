using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust.Gates;

/// <summary>Signed by a trusted key. Where that is not required, a signature that does not match is refused all the same.</summary>
internal static class SignatureGate
{
    public static bool IsAsked(ImageFacts facts, ImagePolicy policy) =>
        policy.SignatureRequired || facts.Signatures.Any(signature => signature.Standing == SignatureStanding.Broken);

    public static IEnumerable<Reason> Refusals(ImageFacts facts, ImagePolicy policy)
    {
        if (facts.Signatures.Any(signature => signature.Standing == SignatureStanding.Good))
            yield break;
        var next = $"it is signed by a trusted key: `refresh image sign {facts.Image.Label} --key FILE`";
        if (facts.Signatures.Count == 0)
            yield return new Reason("image-unsigned", $"{facts.Image.Label} is not signed, and {policy.Origin} requires it", next);
        foreach (var signature in facts.Signatures)
            yield return new Reason(Code(signature.Standing), $"the signature of {facts.Image.Label} by key {signature.Key} does not count: {signature.Detail}", next);
    }

    private static string Code(SignatureStanding standing) => standing switch
    {
        SignatureStanding.Broken => "signature-broken",
        SignatureStanding.UnknownKey => "signature-key-unknown",
        SignatureStanding.KeyNotValid => "signature-key-not-valid",
        _ => "signature-unusable",
    };
}
