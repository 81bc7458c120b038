using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Refresh.Orchestrator.Probes;

/// <summary>Decides whether a member's certificate will do, and says what is wrong with one that will not.</summary>
internal sealed class CertificateCheck(X509Certificate2Collection? authorities, bool skipVerify, TimeProvider time)
{
    public SslClientAuthenticationOptions Options()
    {
        // Neither revocation lists nor missing issuers are fetched: a probe asks the member and nobody else.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy, RemoteCertificateValidationCallback = Accept };
    }

    private bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var accepted = skipVerify || errors == SslPolicyErrors.None;
        if (accepted)
            return accepted;
        var mistakes = certificate is X509Certificate2 shown ? Mistakes((SslStream)sender, shown, chain, errors) : ["the server showed no certificate"];
        // Thrown and not returned, since only an exception carries words to the verdict.
        throw new AuthenticationException(string.Join("; ", mistakes));
    }

    private IEnumerable<string> Mistakes(SslStream stream, X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            yield return $"certificate is for {Names(certificate)}, not for {stream.TargetHostName}";
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            foreach (var status in element.ChainElementStatus)
                yield return Words(element.Certificate, status);
    }

    private string Words(X509Certificate2 certificate, X509ChainStatus status) => status.Status switch
    {
        X509ChainStatusFlags.NotTimeValid when time.GetUtcNow() > certificate.NotAfter =>
            $"certificate expired {certificate.NotAfter.ToUniversalTime():u} ({certificate.Subject})",
        X509ChainStatusFlags.NotTimeValid =>
            $"certificate is not valid before {certificate.NotBefore.ToUniversalTime():u} ({certificate.Subject})",
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain =>
            $"certificate is not signed by a trusted authority ({certificate.Subject}, issued by {certificate.Issuer})",
        _ => $"{status.StatusInformation.Trim()} ({certificate.Subject})",
    };

    private static string Names(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToList();
        var names = alternatives.SelectMany(one => one.EnumerateDnsNames())
            .Concat(alternatives.SelectMany(one => one.EnumerateIPAddresses()).Select(address => address.ToString()))
            .DefaultIfEmpty(certificate.Subject);
        return string.Join(", ", names);
    }
}
