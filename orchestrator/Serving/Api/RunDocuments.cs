using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>What came of a start.</summary>
/// <param name="Outcome"><c>begun</c>, <c>nothing-to-do</c> or <c>queued</c>.</param>
/// <param name="Fleet">The fleet.</param>
/// <param name="Run">The run that began.</param>
/// <param name="Image">The image it goes to.</param>
/// <param name="State">Its state.</param>
/// <param name="Order">The order that waits.</param>
/// <param name="WaitsFor">The run that holds the fleet.</param>
internal sealed record StartedDocument(string Outcome, string Fleet, string? Run, string? Image, RunState? State, string? Order, string? WaitsFor);

/// <summary>What came of something that was asked of a run, as <c>refresh pause --json</c> prints it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Fleet">Its fleet.</param>
/// <param name="Request">The request's id.</param>
/// <param name="Kind">What was asked.</param>
/// <param name="Outcome"><c>taken-up</c>, or <c>waiting</c> when the worker has not answered yet.</param>
/// <param name="Refusal">Always null here: a refusal is a problem.</param>
/// <param name="State">The run's state now.</param>
/// <param name="Worker">Who works on it.</param>
internal sealed record AskedDocument(string Run, string Fleet, string Request, RequestKind Kind, string Outcome, Reason? Refusal, RunState State, string? Worker);
