namespace Refresh.Workflows.Trust.Versions;

/// <summary>The order of Debian versions, <c>[epoch:]upstream[-revision]</c>: '~' before the end, the end before letters, letters before the rest (Debian policy, 5.6.12).</summary>
internal static class DpkgOrder
{
    public static int? Compare(string one, string other)
    {
        if (Split(one) is not { } a || Split(other) is not { } b)
            return null;
        var byEpoch = a.Epoch.CompareTo(b.Epoch);
        var byUpstream = byEpoch != 0 ? byEpoch : Part(a.Upstream, b.Upstream);
        return byUpstream != 0 ? byUpstream : Part(a.Revision, b.Revision);
    }

    private static (long Epoch, string Upstream, string Revision)? Split(string version)
    {
        if (PackageVersions.Epoch(version) is not { } parts || parts.Version.Length == 0 || parts.Version.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '+' or '-' or '~' or ':')))
            return null;
        var dash = parts.Version.LastIndexOf('-');
        return dash < 0 ? (parts.Epoch, parts.Version, string.Empty) : (parts.Epoch, parts.Version[..dash], parts.Version[(dash + 1)..]);
    }

    private static int Part(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        while (!one.IsEmpty || !other.IsEmpty)
        {
            while ((!one.IsEmpty && !char.IsAsciiDigit(one[0])) || (!other.IsEmpty && !char.IsAsciiDigit(other[0])))
            {
                var difference = Weight(one).CompareTo(Weight(other));
                if (difference != 0)
                    return difference;
                one = one.IsEmpty ? one : one[1..];
                other = other.IsEmpty ? other : other[1..];
            }

            var (left, right) = (DigitsOf(one), DigitsOf(other));
            var byNumber = PackageVersions.Digits(one[..left], other[..right]);
            if (byNumber != 0)
                return byNumber;
            one = one[left..];
            other = other[right..];
        }

        return 0;
    }

    private static int DigitsOf(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private static int Weight(ReadOnlySpan<char> text) => text switch
    {
        [] => 0,
        ['~', ..] => -1,
        [var digit, ..] when char.IsAsciiDigit(digit) => 0,
        [var letter, ..] when char.IsAsciiLetter(letter) => letter,
        [var sign, ..] => sign + 256,
    };
}
