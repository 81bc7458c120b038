using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust.Gates;

/// <summary>Signed by a key that the policy trusts. Where that is not required, a signature that does not match, or cannot be judged, is refused all the same.</summary>
internal static class SignatureGate
{
    public static bool IsAsked(ImageFacts facts, ImagePolicy policy) =>
        policy.SignatureRequired || facts.Faults.Any(fault => fault.Gate == GateNames.Signature) || Of(facts, policy).Any(signature => signature.Standing == SignatureStanding.Broken);

    public static IEnumerable<Reason> Refusals(ImageFacts facts, ImagePolicy policy)
    {
        var signatures = Of(facts, policy).ToList();
        if (signatures.Any(signature => signature.Standing == SignatureStanding.Good))
            yield break;
        var next = $"it is signed by a trusted key: `refresh image sign {facts.Image.Label} --key FILE`";
        if (signatures.Count == 0)
            yield return new Reason("image-unsigned", $"{facts.Image.Label} is not signed, and {policy.Origin} requires it", next);
        foreach (var signature in signatures)
            yield return new Reason(Code(signature.Standing), $"the signature of {facts.Image.Label} by key {signature.Key} does not count: {signature.Detail}", next);
    }

    private static IEnumerable<SignatureFacts> Of(ImageFacts facts, ImagePolicy policy) => facts.Signatures.Where(signature => signature.Keys == policy.Keys);

    private static string Code(SignatureStanding standing) => standing switch
    {
        SignatureStanding.Broken => "signature-broken",
        SignatureStanding.UnknownKey => "signature-key-unknown",
        SignatureStanding.KeyNotValid => "signature-key-not-valid",
        _ => "signature-unusable",
    };
}
