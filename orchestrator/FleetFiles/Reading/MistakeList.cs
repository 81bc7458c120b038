using Refresh.Orchestrator.FleetFiles.Yaml;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Collects mistakes, so that all are told at once.</summary>
internal sealed class MistakeList
{
    private readonly List<FleetFileMistake> mistakes = [];

    public void Add(Position at, string path, string message, string? hint = null) =>
        mistakes.Add(new FleetFileMistake(at.Line, at.Column, path, message, hint));

    /// <summary>Whether nothing was found wrong with the value at a path, inside it, or around it; the root is around everything and does not count.</summary>
    public bool IsSound(string path) =>
        !mistakes.Any(mistake => mistake.Path.Length > 0 && (Holds(mistake.Path, path) || Holds(path, mistake.Path)));

    public IReadOnlyList<FleetFileMistake> InOrder() =>
        [.. mistakes.OrderBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column)];

    private static bool Holds(string outer, string inner) =>
        inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] is '.' or '[');
}
