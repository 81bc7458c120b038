namespace Refresh.Orchestrator.FleetFiles;

/// <summary>One mistake in a fleet file.</summary>
/// <param name="Line">The line, from 1; 0 when the file could not be read at all.</param>
/// <param name="Column">The column, from 1, in UTF-16 units; 0 when the file could not be read at all.</param>
/// <param name="Path">Where it is in the document, for example <c>pairs[0].members[1].address</c>; empty for the document as a whole.</param>
/// <param name="Message">What is wrong. It holds no secret.</param>
/// <param name="Hint">What to write instead, or null.</param>
public sealed record FleetFileMistake(int Line, int Column, string Path, string Message, string? Hint)
{
    /// <summary>The mistake as compilers write it, so that editors and terminals can jump to it: <c>fleet.yaml:12:7: message; hint</c>.</summary>
    /// <param name="file">The name of the file, as the user gave it.</param>
    public string In(string file)
    {
        var place = Line > 0 ? FormattableString.Invariant($"{file}:{Line}:{Column}") : file;
        return Hint is null ? $"{place}: {Message}" : $"{place}: {Message}; {Hint}";
    }
}
