using Refresh.PulumiStandIn.Cli;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>What a preview or an update is to look at.</summary>
/// <param name="IsPreview">Whether nothing may change.</param>
/// <param name="Targets">URNs; empty for everything.</param>
/// <param name="TargetDependents">Whether what depends on a target is one too.</param>
/// <param name="Replacements">URNs to be replaced whatever differs.</param>
internal sealed record DeploymentOptions(bool IsPreview, IReadOnlySet<string> Targets, bool TargetDependents, IReadOnlySet<string> Replacements)
{
    public static DeploymentOptions Of(Arguments arguments, bool isPreview)
    {
        var replaced = arguments.Values("target-replace").Concat(arguments.Values("replace")).ToHashSet();
        return new(isPreview, arguments.Values("target").Concat(arguments.Values("target-replace")).ToHashSet(), arguments.Has("target-dependents"), replaced);
    }
}
