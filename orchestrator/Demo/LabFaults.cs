using System.Text.Json;
using Refresh.Lab.Client;

namespace Refresh.Orchestrator.Demo;

/// <summary>The lab's faults by the names that people type.</summary>
internal static class LabFaults
{
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<LabFaultKind>().Select(Word)];

    public static string Word(LabFaultKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    public static LabFaultKind? Parse(string word) =>
        Enum.GetValues<LabFaultKind>().Where(kind => Word(kind) == word).Select(kind => (LabFaultKind?)kind).FirstOrDefault();
}
