namespace Refresh.Workflows.Runs;

/// <summary>Something that happened in a run, as the journal keeps it. The state of a run is the fold over its events.</summary>
public abstract record RunEvent;
