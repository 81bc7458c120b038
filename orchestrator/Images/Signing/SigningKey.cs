using System.Text.Json;
using NSec.Cryptography;
using Refresh.Orchestrator.Json;

namespace Refresh.Orchestrator.Images.Signing;

/// <summary>A private key that signs manifests, and the file that holds it, which its owner alone may read.</summary>
internal sealed class SigningKey : IDisposable
{
    public const string Format = "refresh-private-key/1";

    private readonly Key _key;

    private SigningKey(string id, Key key) => (Id, _key) = (id, key);

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>Its public half, 32 bytes.</summary>
    public byte[] PublicKey => _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);

    /// <summary>Makes a key.</summary>
    public static SigningKey Create(string id) =>
        new(id, Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <summary>Reads a key out of its file.</summary>
    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong; with the place.</exception>
    public static SigningKey Parse(ReadOnlyMemory<byte> document)
    {
        var (id, secret) = JsonFields.Read(
            document,
            fields =>
            {
                TrustedKeys.Expect(fields, "format", Format);
                TrustedKeys.Expect(fields, "algorithm", TrustedKeys.Ed25519);
                return (fields.Text("id", TrustedKeys.Id, "made of letters, digits, '.', '_' and '-'"), TrustedKeys.Bytes(fields, "privateKey", SignatureAlgorithm.Ed25519.PrivateKeySize));
            },
            places: true);
        return new SigningKey(id, Key.Import(SignatureAlgorithm.Ed25519, secret, KeyBlobFormat.RawPrivateKey));
    }

    /// <summary>Writes the key into a new file; one that is there is never replaced.</summary>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    public async Task WriteAsync(string file, CancellationToken cancellation)
    {
        var document = new { format = Format, id = Id, algorithm = TrustedKeys.Ed25519, privateKey = Convert.ToBase64String(_key.Export(KeyBlobFormat.RawPrivateKey)) };
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var stream = new FileStream(file, options);
        await JsonSerializer.SerializeAsync(stream, document, ManifestSignatures.Json, cancellation);
    }

    /// <summary>Signs.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => SignatureAlgorithm.Ed25519.Sign(_key, data);

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();
}
