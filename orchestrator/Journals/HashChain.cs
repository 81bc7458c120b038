using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>
/// The hash chain of a run: SHA-256, in lowercase hex, over the hash before and what the row says, one field a line.
/// It finds damage; whoever may write the file could also write the hashes.
/// </summary>
internal static class HashChain
{
    /// <summary>The hash before the first entry.</summary>
    public static readonly string Start = new('0', 64);

    /// <summary>The hash of an entry: it covers all entries up to it.</summary>
    public static string Next(string previous, string run, long sequence, string at, long epoch, string json) =>
        Hash(previous, run, Number(sequence), at, Number(epoch), json);

    /// <summary>The seal of a head: it covers its fields and, by the last entry's hash, all entries.</summary>
    public static string Seal(RunHead head, string last) =>
        Hash(last, head.Run, head.Fleet, head.Image, head.State, head.Finished ? "1" : "0", Number(head.Sequence), Instant.Write(head.StartedAt), Instant.Write(head.UpdatedAt));

    /// <summary>The seal of the note that a run is archived: it says that its entries were taken out on purpose.</summary>
    public static string SealArchive(string last, string run, string file, string at) => Hash(last, run, file, at);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Hash(params string[] lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
}
