using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Refresh.Orchestrator.Serving.Configuration;

namespace Refresh.Orchestrator.Serving.Secrets;

/// <summary>The certificate of https addresses, with the chain that callers are sent. It is read at start, and anew when somebody asks for it.</summary>
internal sealed class ServerCertificate(CertificateSettings settings, string? password)
{
    private volatile SslStreamCertificateContext? _context;

    /// <summary>The file that it is read from.</summary>
    public string File => settings.File;

    /// <summary>What a new connection is made with.</summary>
    public SslServerAuthenticationOptions Options => new() { ServerCertificateContext = _context };

    /// <summary>Reads the files; what was read before stays in use when they are wrong.</summary>
    /// <returns>What is wrong with them; null for nothing. It tells no secret.</returns>
    public string? Read()
    {
        try
        {
            var all = IsPkcs12 ? X509CertificateLoader.LoadPkcs12CollectionFromFile(settings.File, password) : Pem();
            if (all.FirstOrDefault(each => each.HasPrivateKey) is not { } own)
                return $"certificate.file is {settings.File}, and it holds no certificate with its private key.";
            all.Remove(own);
            _context = SslStreamCertificateContext.Create(own, all, offline: true);
            return null;
        }
        catch (Exception wrong) when (wrong is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"certificate.file is {settings.File}{(settings.Key is { } key ? $" with certificate.key {key}" : string.Empty)}, and cannot be used: {wrong.Message}";
        }
    }

    private bool IsPkcs12 => Path.GetExtension(settings.File) is ".pfx" or ".p12";

    private X509Certificate2Collection Pem()
    {
        var own = password is null ? X509Certificate2.CreateFromPemFile(settings.File, settings.Key) : X509Certificate2.CreateFromEncryptedPemFile(settings.File, password, settings.Key);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(settings.File);
        // The first one is its own, without the key.
        return [own, .. all.Skip(1)];
    }
}
