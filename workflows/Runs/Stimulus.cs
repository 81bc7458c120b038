using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Runs;

/// <summary>What a run is asked to decide about.</summary>
public abstract record Stimulus;

/// <summary>The run may begin: the first one.</summary>
public sealed record BeginRun : Stimulus;

/// <summary>An intent has come to an end.</summary>
/// <param name="Intent">Its id.</param>
/// <param name="Outcome">What was observed.</param>
public sealed record Arrived(string Intent, Outcome Outcome) : Stimulus;

/// <summary>A recovery that goes on tells of its next rung.</summary>
/// <param name="Intent">The id of its intent.</param>
/// <param name="Rung">What it did or waits for, with the evidence.</param>
public sealed record Climbed(string Intent, string Rung) : Stimulus;

/// <summary>Somebody asks something.</summary>
/// <param name="Request">What.</param>
public sealed record Asked(RunRequest Request) : Stimulus;

/// <summary>The calendars of the fleet were read. It comes at the begin, now and then, and when a window opens.</summary>
/// <param name="Outlook">What they say.</param>
public sealed record CalendarRead(Windows.WindowOutlook Outlook) : Stimulus;

/// <summary>A worker takes the run over after the one before was lost or stopped.</summary>
/// <param name="Worker">The new worker.</param>
public sealed record TakeOver(string Worker) : Stimulus;

/// <summary>The catalogue says that the image of the run is revoked.</summary>
/// <param name="Revocation">Who revoked it, when and why.</param>
public sealed record RevocationSeen(ImageRevocation Revocation) : Stimulus;
