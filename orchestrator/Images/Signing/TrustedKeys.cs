using System.Text.RegularExpressions;
using NSec.Cryptography;
using Refresh.Orchestrator.Json;

namespace Refresh.Orchestrator.Images.Signing;

/// <summary>A key that manifests may be signed by.</summary>
/// <param name="Id">Its name.</param>
/// <param name="PublicKey">The 32 bytes of the Ed25519 public key.</param>
/// <param name="NotBefore">Signatures from before do not count; null for no limit.</param>
/// <param name="NotAfter">Signatures from after do not count; null for no limit.</param>
/// <param name="RevokedAt">Signatures from then on do not count, nor do those of images that were not in the catalogue by then; null while it is good.</param>
/// <param name="Why">Why it was revoked; null if that is not told.</param>
internal sealed record TrustedKey(string Id, byte[] PublicKey, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter, DateTimeOffset? RevokedAt, string? Why);

/// <summary>The file with the keys that manifests may be signed by. Several keys are trusted at once, so that they can be rotated.</summary>
internal sealed partial record TrustedKeys(IReadOnlyList<TrustedKey> Keys)
{
    public const string FileName = "trusted-keys.json";

    public const string Format = "refresh-keys/1";

    public const string Ed25519 = "Ed25519";

    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong; with the place.</exception>
    public static TrustedKeys Parse(ReadOnlyMemory<byte> document) => JsonFields.Read(
        document,
        fields =>
        {
            Expect(fields, "format", Format);
            var keys = fields.Objects("keys", key =>
            {
                Expect(key, "algorithm", Ed25519);
                return new TrustedKey(
                    key.Text("id", Id, "made of letters, digits, '.', '_' and '-'"),
                    Bytes(key, "publicKey", SignatureAlgorithm.Ed25519.PublicKeySize),
                    key.OptionalInstant("notBefore"),
                    key.OptionalInstant("notAfter"),
                    key.OptionalInstant("revokedAt"),
                    key.OptionalText("why"));
            });
            foreach (var (index, _) in keys.Index().Where(each => keys.Take(each.Index).Any(before => before.Id == each.Item.Id && each.Item.Id.Length > 0)))
                fields.Fail(FormattableString.Invariant($"keys[{index}].id"), $"is that of another key already: '{keys[index].Id}'");
            return new TrustedKeys(keys);
        },
        places: true);

    /// <summary>Reads a field that has one value only.</summary>
    internal static void Expect(JsonFields fields, string name, string value)
    {
        if (fields.Text(name) is { Length: > 0 } text && text != value)
            fields.FailAt(name, $"is '{text}', and only '{value}' is known");
    }

    /// <summary>Reads bytes in base64.</summary>
    internal static byte[] Bytes(JsonFields fields, string name, int size)
    {
        var text = fields.Text(name);
        var bytes = new byte[text.Length];
        if (text.Length == 0)
            return [];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            fields.FailAt(name, "is not base64");
        else if (length != size)
            fields.FailAt(name, FormattableString.Invariant($"has {length} bytes, and must have {size}"));
        return bytes[..length];
    }

    // A letter or digit comes first, so that no id looks like an option.
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    internal static partial Regex Id { get; }
}
