using System.Text.Json.Nodes;

namespace Refresh.PulumiStandIn.Deployments;

/// <summary>How many resources were, or would be, what: a replacement counts once.</summary>
internal sealed class Changes
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int Count(string op) => _counts.GetValueOrDefault(op);

    public int Changed => _counts.Where(count => count.Key != "same").Sum(count => count.Value);

    public void Add(Step step)
    {
        // The halves of a replacement, a look, and the provider itself are not counted.
        if (step.Op is not ("create-replacement" or "delete-replaced" or "refresh") && step.Type != Programs.Types.Provider)
            _counts[step.Op] = Count(step.Op) + 1;
    }

    public JsonObject Document() => new(_counts.Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value)));
}
