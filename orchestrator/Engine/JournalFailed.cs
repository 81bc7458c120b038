using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Engine;

/// <summary>The journal failed while an intent was carried out. That is no fact about the world: the worker stops, and the intent stays open.</summary>
/// <param name="Fault">What the journal said.</param>
internal sealed record JournalFailed(JournalException Fault) : Stimulus;
