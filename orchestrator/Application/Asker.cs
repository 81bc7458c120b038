namespace Refresh.Orchestrator.Application;

/// <summary>Who asks for something, and why.</summary>
/// <param name="By">The person, or the service.</param>
/// <param name="Why">The reason given; may be empty.</param>
/// <param name="From">Where it came from, for example an address; null on this machine.</param>
public sealed record Asker(string By, string Why, string? From = null);
