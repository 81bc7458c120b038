namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Values of one kind that no two places may share.</summary>
/// <param name="kind">What they are, for example "address".</param>
/// <param name="why">Why two cannot be the same.</param>
internal sealed class Claims(string kind, string why)
{
    private readonly Dictionary<string, (string Owner, int Line)> owners = new(StringComparer.Ordinal);

    /// <summary>Claims a value for its owner, or complains at the field that another has it.</summary>
    public void Claim(string value, string owner, Field field)
    {
        if (!owners.TryAdd(value, (owner, field.Line)))
            field.Fail($"{kind} {value} is already used by {owners[value].Owner} (line {owners[value].Line}): {why}");
    }
}
