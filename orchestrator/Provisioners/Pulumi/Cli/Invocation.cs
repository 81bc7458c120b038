namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>One run of <c>pulumi</c>.</summary>
/// <param name="Stack">The stack that it is about; empty where it is about none.</param>
/// <param name="Arguments">Its arguments, none of them a secret.</param>
internal sealed record Invocation(string Stack, IReadOnlyList<string> Arguments)
{
    /// <summary>Whether it starts the engine, with a language host and providers.</summary>
    public bool Engine { get; init; }

    /// <summary>How long it may take; null where only its caller ends it.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long it may take to end by itself after it was asked to.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where it writes its events, or null.</summary>
    public string? EventLog { get; init; }

    /// <summary>As a person would type it.</summary>
    public override string ToString() => $"pulumi {string.Join(' ', Arguments)}";
}

/// <summary>What came of a run of <c>pulumi</c>, as it was printed: secrets are taken out of what leaves the adapter.</summary>
/// <param name="Invocation">The run.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it printed as errors.</param>
internal sealed record Completion(Invocation Invocation, int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>All that it said, for looking for words in it.</summary>
    public string Said => $"{Errors}\n{Output}";
}
