using System.Text.RegularExpressions;

namespace Refresh.Orchestrator.Commands.Audits;

/// <summary>The fleet files that an audit is about.</summary>
internal static partial class FleetFilesIn
{
    private static readonly EnumerationOptions s_below = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 16, AttributesToSkip = FileAttributes.System | FileAttributes.Hidden | FileAttributes.ReparsePoint };

    /// <summary>Those that are named; with <paramref name="all"/> those of the directory too.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static IReadOnlyList<string> Choose(IReadOnlyList<string> named, bool all, string? directory)
    {
        if (!all)
            return named.Count > 0 ? named : ["fleet.yaml"];
        var place = directory ?? ".";
        if (!Directory.Exists(place))
            throw new CommandFailure(ExitCodes.Refused, "no-directory", $"There is no directory {place}.", "Name the one that the fleet files are in.");
        var files = named.Concat(Directory.EnumerateFiles(place, "*", s_below).Where(IsFleet).Order(StringComparer.Ordinal)).DistinctBy(Path.GetFullPath).ToList();
        return files.Count > 0 ? files : throw new CommandFailure(ExitCodes.Refused, "no-fleet-files", $"There is no fleet file in {Path.GetFullPath(place)}.", "A fleet file ends in .yaml or .yml and says 'kind: Fleet'; refresh init writes one.");
    }

    private static bool IsFleet(string file)
    {
        if (Path.GetExtension(file) is not (".yaml" or ".yml"))
            return false;
        try
        {
            return File.ReadLines(file).Take(200).Any(line => KindLine().IsMatch(line));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is named as one that cannot be read.
            return true;
        }
    }

    [GeneratedRegex("^kind:\\s*['\"]?Fleet['\"]?\\s*(#.*)?$")]
    private static partial Regex KindLine();
}
