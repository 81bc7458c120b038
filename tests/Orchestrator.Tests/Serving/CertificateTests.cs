using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>TLS over the real thing: files of every form, a request over each, and files that are wrong.</summary>
public sealed class CertificateTests : IDisposable
{
    private const string Https = "https://127.0.0.1:0";
    private const string Password = "a-password-of-a-key";
    private readonly ServeProcess _serve = new();
    private readonly RSA _key = RSA.Create(2048);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _key.Dispose();
        _serve.Dispose();
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("pem in one file")]
    [InlineData("encrypted pem")]
    [InlineData("pfx")]
    public async Task A_request_is_answered_over_TLS_with_the_certificate_and_its_chain(string form)
    {
        using var between = Between();
        var own = Issue(between);
        _serve.Configuration = new { certificate = Put(form, own, between) };
        await _serve.StartAsync(Https);
        var (answer, shown, chain) = await AskAsync();
        Assert.Equal("alive\n", answer);
        Assert.Equal(own.Thumbprint, shown);
        Assert.Contains(between.Thumbprint, chain);
        Assert.DoesNotContain(Password, _serve.Logged + _serve.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_after_SIGHUP_and_one_that_is_wrong_is_not()
    {
        using var between = Between();
        _serve.Configuration = new { certificate = Put("pem", Issue(between), between) };
        await _serve.StartAsync(Https);
        var renewed = Issue(between);
        Put("pem", renewed, between);
        await _serve.SignalAsync("HUP");
        await LabFixture.UntilAsync(async () => (await AskAsync()).Shown == renewed.Thumbprint);

        _serve.Write("tls.crt", "no certificate");
        await _serve.SignalAsync("HUP");
        await LabFixture.UntilAsync(() => Task.FromResult(_serve.Logged.Contains("The certificate that was read before stays in use", StringComparison.Ordinal)));
        Assert.Equal(renewed.Thumbprint, (await AskAsync()).Shown);
    }

    [Theory]
    [InlineData("no certificate", "tls.crt")]
    [InlineData("no key", "tls.crt")]
    [InlineData("another key", "tls.key")]
    [InlineData("wrong password", "tls.pfx")]
    [InlineData("pfx without key", "tls.pfx")]
    public async Task A_file_that_cannot_be_used_is_refused_at_start_with_its_name_and_the_reason(string what, string file)
    {
        using var between = Between();
        var own = Issue(between);
        object certificate;
        switch (what)
        {
            case "no certificate":
                certificate = Put("pem", own, between);
                _serve.Write("tls.crt", "no certificate");
                break;
            case "no key":
                certificate = new { file = _serve.Write("tls.crt", own.ExportCertificatePem()) };
                break;
            case "another key":
                certificate = Put("pem", own, between);
                using (var other = RSA.Create(2048))
                    _serve.Write("tls.key", other.ExportPkcs8PrivateKeyPem());
                break;
            case "wrong password":
                certificate = Put("pfx", own, between);
                _serve.Write("password", "another-password");
                break;
            default:
                certificate = new { file = _serve.At("tls.pfx") };
                using (var bare = X509CertificateLoader.LoadCertificate(own.RawData))
                    await File.WriteAllBytesAsync(_serve.At("tls.pfx"), bare.Export(X509ContentType.Pfx), Cancellation);
                break;
        }

        _serve.Configuration = new { certificate };
        Assert.Equal(ExitCodes.Invalid, await _serve.RefusedAsync(Https));
        Assert.Contains("certificate.file is", _serve.Said, StringComparison.Ordinal);
        Assert.Contains(_serve.At(file), _serve.Said, StringComparison.Ordinal);
        Assert.Contains("The service was not started.", _serve.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _serve.Said, StringComparison.Ordinal);
    }

    private async Task<(string Answer, string? Shown, IReadOnlyList<string> Chain)> AskAsync()
    {
        string? shown = null;
        IReadOnlyList<string> sent = [];
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                {
                    shown = ((X509Certificate2)certificate!).Thumbprint;
                    sent = [.. chain!.ChainPolicy.ExtraStore.Select(each => each.Thumbprint)];
                    return true;
                },
            },
        };
        using var http = new HttpClient(handler);
        return (await http.GetStringAsync(new Uri(_serve.Address, "/livez"), Cancellation), shown, sent);
    }

    private object Put(string form, X509Certificate2 own, X509Certificate2 between)
    {
        var (chain, key) = ($"{own.ExportCertificatePem()}\n{between.ExportCertificatePem()}\n", _key.ExportPkcs8PrivateKeyPem());
        var password = $"file:{_serve.Write("password", Password)}";
        switch (form)
        {
            case "pem":
                return new { file = _serve.Write("tls.crt", chain), key = _serve.Write("tls.key", key) };
            case "pem in one file":
                return new { file = _serve.Write("tls.crt", chain + key) };
            case "encrypted pem":
                var encrypted = _key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
                return new { file = _serve.Write("tls.crt", chain), key = _serve.Write("tls.key", encrypted), password };
            default:
                using (var whole = own.CopyWithPrivateKey(_key))
                using (var bare = X509CertificateLoader.LoadCertificate(between.RawData))
                    File.WriteAllBytes(_serve.At("tls.pfx"), new X509Certificate2Collection { whole, bare }.Export(X509ContentType.Pfx, Password)!);
                return new { file = _serve.At("tls.pfx"), password };
        }
    }

    private X509Certificate2 Issue(X509Certificate2 issuer)
    {
        var request = new CertificateRequest("CN=127.0.0.1", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.Create(issuer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
    }

    /// <summary>An authority below a root: it signs, and callers have to be sent it.</summary>
    private static X509Certificate2 Between()
    {
        using var rootKey = RSA.Create(2048);
        using var root = Authority("root", rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-3), DateTimeOffset.UtcNow.AddHours(3));
        using var key = RSA.Create(2048);
        using var between = Authority("between", key).Create(root, DateTimeOffset.UtcNow.AddHours(-2), DateTimeOffset.UtcNow.AddHours(2), [1]);
        return between.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Authority(string name, RSA key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}
