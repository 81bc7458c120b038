namespace Refresh.Workflows.Trust.Versions;

/// <summary>The order of semantic versions (Semantic Versioning 2.0, 11). A leading <c>v</c> and missing minor or patch numbers are put up with; build metadata does not count.</summary>
internal static class SemverOrder
{
    public static int? Compare(string one, string other)
    {
        if (Split(one) is not { } a || Split(other) is not { } b)
            return null;
        for (var place = 0; place < 3; place++)
        {
            var difference = PackageVersions.Digits(a.Numbers[place], b.Numbers[place]);
            if (difference != 0)
                return difference;
        }

        return PreRelease(a.Pre, b.Pre);
    }

    private static (string[] Numbers, string[] Pre)? Split(string version)
    {
        var text = version.StartsWith('v') ? version[1..] : version;
        text = text.Split('+', 2)[0];
        var parts = text.Split('-', 2);
        var numbers = parts[0].Split('.');
        var pre = parts.Length > 1 ? parts[1].Split('.') : [];
        var good = numbers.Length <= 3
            && numbers.All(number => number.Length > 0 && number.All(char.IsAsciiDigit))
            && pre.All(part => part.Length > 0 && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
        return good ? ([.. numbers, .. Enumerable.Repeat("0", 3 - numbers.Length)], pre) : null;
    }

    private static int PreRelease(string[] one, string[] other)
    {
        if (one.Length == 0 || other.Length == 0)
            return other.Length.CompareTo(one.Length);
        foreach (var (left, right) in one.Zip(other))
        {
            var (leftIsNumber, rightIsNumber) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
            var difference = leftIsNumber && rightIsNumber ? PackageVersions.Digits(left, right)
                : leftIsNumber != rightIsNumber ? (leftIsNumber ? -1 : 1)
                : string.CompareOrdinal(left, right);
            if (difference != 0)
                return difference;
        }

        return one.Length.CompareTo(other.Length);
    }
}
