using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Refresh.Orchestrator.Tests.Probes;

/// <summary>A certificate authority that lives for one test.</summary>
internal sealed class Certificates : IAsyncDisposable
{
    private readonly X509Certificate2 root;

    public Certificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
        File = Path.Combine(Path.GetTempPath(), $"refresh-ca-{Guid.NewGuid():N}.pem");
        System.IO.File.WriteAllText(File, root.ExportCertificatePem());
    }

    /// <summary>The authority's certificate, as a PEM file.</summary>
    public string File { get; }

    /// <summary>A server certificate for 127.0.0.1, or for a name; valid for a day from now unless told otherwise.</summary>
    public X509Certificate2 Issue(string? name = null, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=member", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (name is null)
            names.AddIpAddress(IPAddress.Loopback);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var end = until ?? DateTimeOffset.UtcNow.AddDays(1);
        using var bare = request.Create(root, end.AddDays(-30), end, Guid.NewGuid().ToByteArray());
        using var whole = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    public ValueTask DisposeAsync()
    {
        root.Dispose();
        System.IO.File.Delete(File);
        return ValueTask.CompletedTask;
    }
}
