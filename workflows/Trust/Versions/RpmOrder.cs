namespace Refresh.Workflows.Trust.Versions;

/// <summary>The order of rpm versions, <c>[epoch:]version[-release]</c>, by rpmvercmp: segments of digits or letters, digits newer than letters, '~' before the end, '^' after it.</summary>
internal static class RpmOrder
{
    public static int? Compare(string one, string other)
    {
        if (Split(one) is not { } a || Split(other) is not { } b)
            return null;
        var byEpoch = a.Epoch.CompareTo(b.Epoch);
        var byVersion = byEpoch != 0 ? byEpoch : Part(a.Version, b.Version);
        // A version without a release stands for all its releases.
        return byVersion != 0 || a.Release is null || b.Release is null ? byVersion : Part(a.Release, b.Release);
    }

    private static (long Epoch, string Version, string? Release)? Split(string text)
    {
        if (PackageVersions.Epoch(text) is not { } parts || parts.Version.Length == 0 || parts.Version.Any(letter => !char.IsAscii(letter) || char.IsWhiteSpace(letter) || char.IsControl(letter)))
            return null;
        var dash = parts.Version.LastIndexOf('-');
        return dash < 0 ? (parts.Epoch, parts.Version, null) : (parts.Epoch, parts.Version[..dash], parts.Version[(dash + 1)..]);
    }

    private static int Part(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        while (true)
        {
            one = one[Separators(one)..];
            other = other[Separators(other)..];
            if ((one is ['~', ..]) != (other is ['~', ..]))
                return one is ['~', ..] ? -1 : 1;
            if ((one is ['~', ..] && other is ['~', ..]) || (one is ['^', ..] && other is ['^', ..]))
            {
                one = one[1..];
                other = other[1..];
                continue;
            }

            if (one is ['^', ..] || other is ['^', ..])
                return one is ['^', ..] ? (other.IsEmpty ? 1 : -1) : one.IsEmpty ? -1 : 1;
            if (one.IsEmpty || other.IsEmpty)
                return one.Length.CompareTo(other.Length);

            var digits = char.IsAsciiDigit(one[0]);
            var (left, right) = (Segment(one, digits), Segment(other, digits));
            if (right == 0)
                return digits ? 1 : -1;
            var difference = digits ? PackageVersions.Digits(one[..left], other[..right]) : one[..left].SequenceCompareTo(other[..right]);
            if (difference != 0)
                return difference;
            one = one[left..];
            other = other[right..];
        }
    }

    private static int Separators(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && !char.IsAsciiLetterOrDigit(text[count]) && text[count] is not ('~' or '^'))
            count++;
        return count;
    }

    private static int Segment(ReadOnlySpan<char> text, bool digits)
    {
        var count = 0;
        while (count < text.Length && (digits ? char.IsAsciiDigit(text[count]) : char.IsAsciiLetter(text[count])))
            count++;
        return count;
    }
}
