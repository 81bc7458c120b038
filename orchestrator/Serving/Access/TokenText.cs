using System.Security.Cryptography;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Access;

/// <summary>What a token looks like: <c>rfsh_</c> and 40 letters and digits, 238 bits of chance (reference: durability, "Service hygiene").</summary>
internal static class TokenText
{
    /// <summary>What a token begins with, so that scanners of leaked secrets find it.</summary>
    public const string Prefix = "rfsh_";

    private const int Length = 40;
    private static readonly System.Buffers.SearchValues<char> s_alphabet = System.Buffers.SearchValues.Create(Alphabet);

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new token.</summary>
    public static string New() => Prefix + RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>Whether a text can be a token at all.</summary>
    public static bool IsPossible(string text) =>
        text.Length == Prefix.Length + Length && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept(s_alphabet) < 0;

    /// <summary>The hash that is stored. The token has so much chance in it that a slow hash would add nothing.</summary>
    public static string Hash(string token) => SecretHash.Of(token);
}
