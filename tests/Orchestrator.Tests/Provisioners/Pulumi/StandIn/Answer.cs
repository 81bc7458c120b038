namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi.StandIn;

/// <summary>What a command said, and how it ended.</summary>
internal sealed record Answer(int ExitCode, string Output, string Errors);
