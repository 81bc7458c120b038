namespace Refresh.Orchestrator.Commands;

/// <summary>What the place is that output goes to.</summary>
internal static class Terminal
{
    /// <summary>Whether a table can be kept up to date there.</summary>
    public static bool IsLive => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Whether a person can answer there.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsOutputRedirected;
}
