namespace Refresh.PulumiStandIn.Deployments;

/// <summary>A step that failed, and what there is to say about it.</summary>
internal sealed class StepFailure(params Diagnostic[] diagnostics) : Exception(diagnostics[0].Text)
{
    public IReadOnlyList<Diagnostic> Diagnostics => diagnostics;

    /// <summary>The step, where it had begun.</summary>
    public Step? Step { get; set; }
}
