namespace Refresh.PulumiStandIn.Deployments;

/// <summary>Where a step is.</summary>
internal enum StepPhase
{
    /// <summary>It begins.</summary>
    Begun,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It failed.</summary>
    Failed,
}
