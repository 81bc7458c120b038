namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>This start of the service. Host and process id do not tell one from another: in a container both are the same after every restart.</summary>
/// <param name="Id">Another one after every start.</param>
internal sealed record Instance(string Id);
