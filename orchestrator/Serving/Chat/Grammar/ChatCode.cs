using System.Security.Cryptography;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Chat.Grammar;

/// <summary>A code that confirms a command: ten letters and digits that are not mistaken for each other, 49 bits of chance. It holds for minutes, and for one person.</summary>
internal static class ChatCode
{
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    private const int Length = 10;

    /// <summary>A new code.</summary>
    public static string New() => RandomNumberGenerator.GetString(Letters, Length);

    /// <summary>How a person reads it: two groups of five.</summary>
    public static string Shown(string code) => $"{code[..5]}-{code[5..]}";

    /// <summary>The code in what a person wrote; null when it is none.</summary>
    public static string? Plain(string text)
    {
        var code = text.Replace("-", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
        return code.Length == Length && code.All(Letters.Contains) ? code : null;
    }

    /// <summary>What is kept of a code, so that neither table nor backup confirms anything.</summary>
    public static string Hash(string code) => SecretHash.Of(code);
}
