using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Probes;

/// <summary>Opens HTTP connections straight to a member: a new one for each question, no proxy, no redirect, no cookie.</summary>
internal sealed class Connections
{
    public const int MaxHeaderKilobytes = 32;

    private readonly CertificateCheck check;
    private readonly string scheme;

    /// <exception cref="AdapterException">The file with the certificate authority cannot be read.</exception>
    public Connections(bool tls, string? authorityFile, bool skipVerify, TimeProvider time)
    {
        scheme = tls ? "https" : "http";
        check = new CertificateCheck(Read(authorityFile), skipVerify, time);
    }

    /// <summary>The address of a path at a member; the path cannot lead to another host.</summary>
    public Uri Url(Member member, int? port, string path) =>
        new($"{scheme}://{member.Address with { Port = port ?? member.Address.Port }}/{path.TrimStart('/')}");

    /// <summary>A handler with no connection yet; disposing it closes what it opened.</summary>
    public SocketsHttpHandler Open() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        ActivityHeadersPropagator = null,
        SslOptions = check.Options(),
    };

    private static X509Certificate2Collection? Read(string? file)
    {
        if (file is null)
            return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unreadable(file, exception.Message, exception);
        }
        return authorities.Count > 0 ? authorities : throw Unreadable(file, "there is no certificate in it");
    }

    private static AdapterException Unreadable(string file, string why, Exception? inner = null) =>
        new(new Reason("tls-ca-unreadable", $"The certificate authority {file} cannot be read: {why}", "Put a PEM file with the authority's certificate there; nothing was changed."), inner);
}
