using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Refresh.Orchestrator.Notifications;

/// <summary>The signature of Standard Webhooks 1.0.0: HMAC-SHA256 over id, time and the raw body (reference: webhooks).</summary>
public static class StandardWebhook
{
    /// <summary>What a key begins with, before its base64.</summary>
    public const string Prefix = "whsec_";

    /// <summary>The key in a secret; null when it is not base64 of 24 to 64 bytes after <see cref="Prefix"/>.</summary>
    /// <param name="secret">The secret.</param>
    /// <returns>The key.</returns>
    public static byte[]? Key(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length) && length is >= 24 and <= 64 ? bytes[..length] : null;
    }

    /// <summary>Signs a message.</summary>
    /// <param name="key">The key.</param>
    /// <param name="id">The message's id, the same for every attempt.</param>
    /// <param name="at">The time of the attempt.</param>
    /// <param name="body">The body.</param>
    /// <returns>The signature, <c>v1,BASE64</c>.</returns>
    public static string Sign(byte[] key, string id, DateTimeOffset at, ReadOnlySpan<byte> body) =>
        $"v1,{Convert.ToBase64String(Mac(key, id, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), body))}";

    /// <summary>Whether one of the signatures of a message is made with the key, in constant time.</summary>
    /// <param name="key">The key.</param>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="body">The body, as it came.</param>
    /// <param name="signatures">The header <c>webhook-signature</c>: signatures with spaces between them.</param>
    /// <returns>True when it is.</returns>
    public static bool Verify(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body, string signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        var wanted = Encoding.ASCII.GetBytes($"v1,{Convert.ToBase64String(Mac(key, id, timestamp, body))}");
        var found = false;
        foreach (var signature in signatures.Split(' '))
            found |= CryptographicOperations.FixedTimeEquals(wanted, Encoding.UTF8.GetBytes(signature));
        return found;
    }

    private static byte[] Mac(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }
}
