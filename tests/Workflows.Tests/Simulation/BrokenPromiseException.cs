namespace Refresh.Workflows.Tests.Simulation;

/// <summary>The simulation broke a promise, or came to a place where it should never come.</summary>
public sealed class BrokenPromiseException(string message, Exception? inner = null) : Exception(message, inner);
