using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NSec.Cryptography;
using Refresh.Orchestrator.Json;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Images.Signing;

/// <summary>A signature as it is stored.</summary>
/// <param name="Key">The id of its key.</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="SignedAt">When it was made; signed as well.</param>
/// <param name="Signature">The signature in base64.</param>
internal sealed record ManifestSignature(string Key, string Algorithm, DateTimeOffset SignedAt, string Signature);

/// <summary>
/// The signatures of a manifest, in a file beside it. Signed are a line with the format, a line with the instant in ticks of
/// UTC, and the manifest byte by byte; the digest in the manifest covers the content.
/// </summary>
internal sealed record ManifestSignatures(IReadOnlyList<ManifestSignature> Signatures)
{
    public const string FileName = "manifest.json.sig";

    public const string Format = "refresh-signatures/1";

    public const int MaxBytes = 256 * 1024;

    /// <summary>How files of this room are written.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The signatures that lie beside a manifest; null when there are none.</summary>
    /// <exception cref="FormatException">The file is damaged; with file and place.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<ManifestSignatures?> OfAsync(string directory, CancellationToken cancellation)
    {
        var file = new FileInfo(Path.Combine(directory, FileName));
        if (!file.Exists)
            return null;
        // A named pipe has no bytes either, and would be waited for.
        return file.Length > 0 ? await SmallFile.ReadAsync(file.FullName, Parse, cancellation) : throw new FormatException($"{file.FullName} is empty");
    }

    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong; with the place.</exception>
    public static ManifestSignatures Parse(ReadOnlyMemory<byte> document) => JsonFields.Read(
        document,
        fields =>
        {
            TrustedKeys.Expect(fields, "format", Format);
            return new ManifestSignatures(fields.Objects("signatures", one => new ManifestSignature(one.Text("key"), one.Text("algorithm"), one.Instant("signedAt"), one.Text("signature"))));
        },
        places: true);

    /// <summary>The file with one more signature; an earlier one by the same key gives way.</summary>
    public ManifestSignatures With(SigningKey key, ReadOnlySpan<byte> manifest, DateTimeOffset at)
    {
        var made = new ManifestSignature(key.Id, TrustedKeys.Ed25519, at, Convert.ToBase64String(key.Sign(Signed(manifest, at))));
        return new ManifestSignatures([.. Signatures.Where(other => other.Key != key.Id), made]);
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new { format = Format, signatures = Signatures }, Json);

    /// <summary>What is to be said of each signature.</summary>
    /// <param name="manifest">The manifest that it should be of.</param>
    /// <param name="trusted">The keys that count.</param>
    /// <param name="published">When the image was put into the catalogue; null if that is not known.</param>
    public IReadOnlyList<SignatureFacts> Judge(byte[] manifest, TrustedKeys trusted, DateTimeOffset? published) =>
        [.. Signatures.Select(signature =>
        {
            var (standing, detail) = Judge(signature, manifest, trusted, published);
            return new SignatureFacts(signature.Key, standing, signature.SignedAt, detail);
        })];

    private static (SignatureStanding Standing, string Detail) Judge(ManifestSignature signature, byte[] manifest, TrustedKeys trusted, DateTimeOffset? published)
    {
        if (signature.Algorithm != TrustedKeys.Ed25519)
            return (SignatureStanding.Unusable, $"its algorithm '{signature.Algorithm}' is not known; {TrustedKeys.Ed25519} is");
        var bytes = new byte[signature.Signature.Length];
        if (!Convert.TryFromBase64String(signature.Signature, bytes, out var length) || length != SignatureAlgorithm.Ed25519.SignatureSize)
            return (SignatureStanding.Unusable, FormattableString.Invariant($"it is not {SignatureAlgorithm.Ed25519.SignatureSize} bytes in base64"));
        if (trusted.Keys.FirstOrDefault(key => key.Id == signature.Key) is not { } known)
            return (SignatureStanding.UnknownKey, "no key of that id is trusted");
        if (!PublicKey.TryImport(SignatureAlgorithm.Ed25519, known.PublicKey, KeyBlobFormat.RawPublicKey, out var key) || key is null)
            return (SignatureStanding.Unusable, "its key is no point of the curve");
        if (!SignatureAlgorithm.Ed25519.Verify(key, Signed(manifest, signature.SignedAt), bytes.AsSpan(0, length)))
            return (SignatureStanding.Broken, "it is not of this manifest as it is now");
        return Validity(known, signature.SignedAt, published) is { } fault
            ? (SignatureStanding.KeyNotValid, fault)
            : (SignatureStanding.Good, $"made {signature.SignedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}");
    }

    // Whoever has a stolen key can put any date into a signature, so the catalogue's own date must lie before the revocation too.
    private static string? Validity(TrustedKey key, DateTimeOffset signedAt, DateTimeOffset? published) => key switch
    {
        _ when signedAt < key.NotBefore => "its key was not valid yet when it was made",
        _ when signedAt > key.NotAfter => "its key was not valid any more when it was made",
        { RevokedAt: { } revoked } when signedAt >= revoked => $"its key was revoked before it was made{Because(key)}",
        { RevokedAt: { } revoked } when published is null || published >= revoked => $"its key is revoked{Because(key)}, and the image was not seen in the catalogue before that",
        _ => null,
    };

    private static string Because(TrustedKey key) => key.Why is null ? string.Empty : $" ({key.Why})";

    private static byte[] Signed(ReadOnlySpan<byte> manifest, DateTimeOffset at) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Format}\n{at.UtcTicks}\n")), .. manifest];
}
