namespace Refresh.Orchestrator.Journals;

/// <summary>What a check of a whole journal found.</summary>
/// <param name="Runs">How many runs hold.</param>
/// <param name="Entries">How many entries of them hold.</param>
/// <param name="Fault">The first fault, in words; null when all holds.</param>
public sealed record JournalVerification(int Runs, long Entries, string? Fault)
{
    /// <summary>Archived runs whose files are not where they were put: their heads hold, their entries were not looked at.</summary>
    public IReadOnlyList<string> Away { get; init; } = [];
}
