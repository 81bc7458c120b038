using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>What every fleet's desk works with.</summary>
/// <param name="Runs">What can be done with runs.</param>
/// <param name="Journal">The journal.</param>
/// <param name="Clock">The only clock.</param>
/// <param name="Logger">The log of the worker.</param>
/// <param name="Watcher">Makes what is told how a run goes.</param>
/// <param name="Nudge">Has the worker look at once.</param>
internal sealed record DeskTools(RunService Runs, IRunJournal Journal, TimeProvider Clock, ILogger Logger, Func<IRunWatcher> Watcher, Action Nudge);
