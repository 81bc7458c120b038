namespace Refresh.Orchestrator.Provisioners.Pulumi.Documents;

/// <summary>Reads URNs: <c>urn:pulumi:STACK::PROJECT::PARENTS$TYPE::NAME</c>.</summary>
internal static class Urns
{
    /// <summary>The resource's name.</summary>
    public static string Name(string urn) => urn[(urn.LastIndexOf("::", StringComparison.Ordinal) is >= 0 and var at ? at + 2 : 0)..];

    /// <summary>The resource's type, as <c>pulumi import</c> takes it.</summary>
    public static string Type(string urn) => urn.Split("::") is [_, _, var type, ..] ? type[(type.LastIndexOf('$') + 1)..] : string.Empty;
}
