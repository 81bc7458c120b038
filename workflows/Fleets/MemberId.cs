using System.Text.Json.Serialization;

namespace Refresh.Workflows.Fleets;

/// <summary>The name of one VM of a pair, unique in its fleet, written <c>pair/member</c>.</summary>
/// <param name="Pair">The name of the pair that the member belongs to.</param>
/// <param name="Name">The name of the member inside its pair.</param>
[JsonConverter(typeof(MemberIdJson))]
public readonly record struct MemberId(string Pair, string Name) : IComparable<MemberId>
{
    /// <inheritdoc />
    public int CompareTo(MemberId other)
    {
        var byPair = string.CompareOrdinal(Pair, other.Pair);
        return byPair != 0 ? byPair : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>Reads <c>pair/member</c>.</summary>
    /// <param name="text">The written name.</param>
    /// <returns>The name in its two parts.</returns>
    /// <exception cref="FormatException">The text is not two names with one slash between them.</exception>
    public static MemberId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        return parts is [{ Length: > 0 } pair, { Length: > 0 } name]
            ? new MemberId(pair, name)
            : throw new FormatException($"'{text}' is not a member: write pair/member, for example web-1/a.");
    }

    /// <inheritdoc />
    public override string ToString() => $"{Pair}/{Name}";

    /// <summary>Orders by pair, then by member, both ordinally.</summary>
    /// <param name="left">The first name.</param>
    /// <param name="right">The second name.</param>
    public static bool operator <(MemberId left, MemberId right) => left.CompareTo(right) < 0;

    /// <summary>Orders by pair, then by member, both ordinally.</summary>
    /// <param name="left">The first name.</param>
    /// <param name="right">The second name.</param>
    public static bool operator >(MemberId left, MemberId right) => left.CompareTo(right) > 0;

    /// <summary>Orders by pair, then by member, both ordinally.</summary>
    /// <param name="left">The first name.</param>
    /// <param name="right">The second name.</param>
    public static bool operator <=(MemberId left, MemberId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by pair, then by member, both ordinally.</summary>
    /// <param name="left">The first name.</param>
    /// <param name="right">The second name.</param>
    public static bool operator >=(MemberId left, MemberId right) => left.CompareTo(right) >= 0;
}
