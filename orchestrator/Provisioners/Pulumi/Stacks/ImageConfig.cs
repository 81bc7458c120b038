using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Workflows.Images;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

/// <summary>A member's image in the stack's configuration. No other key is touched, and what was there before can be put back.</summary>
internal sealed class ImageConfig
{
    private readonly PulumiStack _stack;
    private readonly IReadOnlyList<(string Key, string? Before, string After)> _changes;

    private ImageConfig(PulumiStack stack, IReadOnlyList<(string Key, string? Before, string After)> changes) => (_stack, _changes) = (stack, changes);

    /// <summary>Sets the image of a member.</summary>
    /// <returns>What undoes it.</returns>
    public static async Task<ImageConfig> SetAsync(PulumiStack stack, string project, ContractMember member, GoldenImage image, CancellationToken cancellation)
    {
        var config = await stack.ConfigAsync(cancellation);
        List<(string Key, string? Before, string After)> changes = [Change(config, $"{project}:{member.ImageKey}", image.Location)];
        var version = $"{project}:{member.ImageVersionKey}";
        if (config.Values.ContainsKey(version))
            changes.Add(Change(config, version, image.Ref.Label));
        var set = new ImageConfig(stack, [.. changes.Where(change => change.Before != change.After)]);
        foreach (var (key, _, after) in set._changes)
            await stack.SetConfigAsync(key, after, cancellation);
        return set;
    }

    /// <summary>Puts back what was there. It is done whatever else was cancelled.</summary>
    public async Task UndoAsync()
    {
        foreach (var (key, before, _) in _changes)
            await (before is null ? _stack.RemoveConfigAsync(key, CancellationToken.None) : _stack.SetConfigAsync(key, before, CancellationToken.None));
    }

    private static (string Key, string? Before, string After) Change(ConfigDocument config, string key, string after) => (key, config.Values.GetValueOrDefault(key), after);
}
