using Refresh.Orchestrator.Engine;

namespace Refresh.Orchestrator.Commands.Views;

/// <summary>Shows a run while it goes on.</summary>
internal interface IRunView : IRunWatcher, IAsyncDisposable
{
    /// <summary>Tells the person something that is not part of the run's own story.</summary>
    void Note(string text);
}
