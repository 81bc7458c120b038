using System.Text;
using System.Text.Json;
using NSec.Cryptography;
using Refresh.Orchestrator.Images.Signing;

namespace Refresh.Orchestrator.Bundles;

/// <summary>A document with signatures over it, in the form of DSSE v1: <c>payloadType</c>, <c>payload</c> in base64, <c>signatures</c>.</summary>
/// <param name="Payload">The document.</param>
/// <param name="Signatures">The signatures; none when nobody signed it.</param>
internal sealed record Envelope(byte[] Payload, IReadOnlyList<EnvelopeSignature> Signatures)
{
    public const string PayloadType = "application/vnd.refresh.evidence+json";

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Signs a document.</summary>
    /// <param name="payload">The document.</param>
    /// <param name="key">The key; null to leave it unsigned.</param>
    public static Envelope Seal(byte[] payload, SigningKey? key) =>
        new(payload, key is null ? [] : [new EnvelopeSignature(key.Id, key.PublicKey, key.Sign(ToSign(payload)))]);

    /// <summary>Whether a signature is of this document.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="publicKey">The key that is believed to have made it.</param>
    public bool IsSignedBy(EnvelopeSignature signature, ReadOnlySpan<byte> publicKey) =>
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key)
        && SignatureAlgorithm.Ed25519.Verify(key!, ToSign(Payload), signature.Signature);

    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("payloadType", PayloadType);
            json.WriteBase64String("payload", Payload);
            json.WriteStartArray("signatures");
            foreach (var signature in Signatures)
            {
                json.WriteStartObject();
                json.WriteString("keyid", signature.KeyId);
                json.WriteBase64String("publicKey", signature.PublicKey);
                json.WriteBase64String("sig", signature.Signature);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <exception cref="FormatException">It is cut, damaged or something else.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var document = JsonDocument.Parse(file, s_strict);
            var root = document.RootElement;
            if (root.Text("payloadType") is var type && type != PayloadType)
                throw new FormatException($"it is '{type}', not '{PayloadType}'");
            return new Envelope(Bytes(root, "payload", null), [.. root.Field("signatures", JsonValueKind.Array).EnumerateArray().Select(Signature)]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException($"it is no whole JSON document: {exception.Message}", exception);
        }
    }

    private static EnvelopeSignature Signature(JsonElement element) => new(
        element.Text("keyid"),
        Bytes(element, "publicKey", SignatureAlgorithm.Ed25519.PublicKeySize),
        Bytes(element, "sig", SignatureAlgorithm.Ed25519.SignatureSize));

    private static byte[] Bytes(JsonElement element, string name, int? size)
    {
        if (!element.Field(name, JsonValueKind.String).TryGetBytesFromBase64(out var bytes))
            throw new FormatException($"its {name} is not base64");
        return size is null || bytes.Length == size ? bytes : throw new FormatException(FormattableString.Invariant($"its {name} has {bytes.Length} bytes, and must have {size}"));
    }

    // DSSE's pre-authentication encoding.
    private static byte[] ToSign(byte[] payload) =>
        [.. Encoding.UTF8.GetBytes(FormattableString.Invariant($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} ")), .. payload];
}

/// <summary>A signature of an envelope.</summary>
/// <param name="KeyId">The name of its key; a hint, nothing proves it.</param>
/// <param name="PublicKey">The public key that it says it was made with.</param>
/// <param name="Signature">The signature.</param>
internal sealed record EnvelopeSignature(string KeyId, byte[] PublicKey, byte[] Signature);
