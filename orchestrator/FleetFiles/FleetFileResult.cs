using System.Diagnostics.CodeAnalysis;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.FleetFiles;

/// <summary>What came of reading a fleet file: a definition, or every mistake in it.</summary>
public sealed class FleetFileResult
{
    internal FleetFileResult(string path, FleetDefinition? definition, IReadOnlyList<FleetFileMistake> mistakes)
    {
        Path = path;
        Mistakes = mistakes;
        Definition = mistakes.Count == 0 ? definition : null;
    }

    /// <summary>The file, as the user named it.</summary>
    public string Path { get; }

    /// <summary>The definition; null when there is any mistake.</summary>
    public FleetDefinition? Definition { get; }

    /// <summary>Every mistake, in the order of the file; empty when the file is good.</summary>
    public IReadOnlyList<FleetFileMistake> Mistakes { get; }

    /// <summary>Whether the file is good.</summary>
    [MemberNotNullWhen(true, nameof(Definition))]
    public bool IsGood => Definition is not null;

    /// <summary>One line a mistake: <c>fleet.yaml:12:7: message; hint</c>.</summary>
    public IEnumerable<string> Lines() => Mistakes.Select(mistake => mistake.In(Path));
}
