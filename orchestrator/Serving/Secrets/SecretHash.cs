using System.Security.Cryptography;
using System.Text;

namespace Refresh.Orchestrator.Serving.Secrets;

/// <summary>What is kept of a token, a code or a delivery's key, so that neither journal nor backup opens anything.</summary>
internal static class SecretHash
{
    /// <summary>The SHA-256 of a text, lower-case hex.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
