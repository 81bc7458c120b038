using System.Text;
using CsCheck;

namespace Refresh.Orchestrator.Tests.Fuzzing;

/// <summary>
/// Mutated documents. The tests that read them have the trait <c>fuzz</c>: <c>./refresh fuzz TARGET --time 10m</c> plays
/// them for that long (CsCheck_Time) instead of a few thousand times. A finding is printed as the smallest document that
/// was found, with a seed that brings it back (CsCheck_Seed).
/// </summary>
internal static class Fuzz
{
    /// <summary>The name of the trait.</summary>
    public const string Trait = "fuzz";

    /// <summary>A document with bytes changed, taken out, put in or doubled; one in eight is cut.</summary>
    public static Gen<byte[]> Of(byte[] document, int most = 4) =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 4], Gen.Int[0, Math.Max(0, document.Length - 1)], Gen.Byte, Gen.Int[1, 12]).Array[1, most],
            Gen.Int[0, 7],
            Gen.Int[0, document.Length],
            (changes, cut, length) => Changed(document, changes) is var changed && cut == 0 ? changed[..Math.Min(length, changed.Length)] : changed);

    /// <summary>Reads documents; what fails is printed as text.</summary>
    public static void Play(Gen<byte[]> documents, Action<byte[]> holds, long iter) => documents.Sample(holds, iter: iter, print: Print);

    /// <inheritdoc cref="Play" />
    public static Task PlayAsync(Gen<byte[]> documents, Func<byte[], Task> holds, long iter) => documents.SampleAsync(holds, iter: iter, print: Print);

    private static string Print(byte[] document) => $"{Encoding.UTF8.GetString(document)}\n(base64: {Convert.ToBase64String(document)})";

    private static byte[] Changed(byte[] document, (int Kind, int At, byte Value, int Length)[] changes)
    {
        var bytes = new List<byte>(document);
        foreach (var (kind, place, value, longest) in changes)
        {
            var at = Math.Min(place, bytes.Count);
            var length = Math.Min(longest, bytes.Count - at);
            if (kind == 0)
                bytes.RemoveRange(at, length);
            else if (kind == 1)
                bytes.Insert(at, value);
            else if (kind == 2)
                bytes.InsertRange(at, bytes.GetRange(at, length));
            else if (at < bytes.Count)
                bytes[at] = kind == 3 ? value : (byte)(bytes[at] ^ (1 << (value % 8)));
        }

        return [.. bytes];
    }
}
