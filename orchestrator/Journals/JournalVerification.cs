namespace Refresh.Orchestrator.Journals;

/// <summary>What a check of a whole journal found.</summary>
/// <param name="Runs">How many runs hold.</param>
/// <param name="Entries">How many entries of them hold.</param>
/// <param name="Fault">The first fault, in words; null when all holds.</param>
public sealed record JournalVerification(int Runs, long Entries, string? Fault);
