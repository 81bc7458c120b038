using System.Text.Json;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Documents;

/// <summary>What <c>pulumi stack export</c> prints: the state of a stack.</summary>
/// <param name="Resources">Every resource in it.</param>
/// <param name="Pending">Operations that were begun and of which no end is known.</param>
internal sealed record StackState(IReadOnlyList<StateResource> Resources, IReadOnlyList<PendingOperation> Pending)
{
    private const string StackType = "pulumi:pulumi:Stack";

    /// <summary>The outputs of the last update that succeeded; null where there was none.</summary>
    public JsonElement? Outputs => Resources.FirstOrDefault(resource => resource.Type == StackType)?.Outputs;

    /// <exception cref="DocumentException">It is cut or damaged.</exception>
    public static StackState Parse(string text) => Document.Read("the exported state", text, root =>
    {
        if (root.GetProperty("version").GetInt32() < 3)
            throw new FormatException("its version is older than 3");
        var deployment = root.GetProperty("deployment");
        _ = deployment.GetProperty("manifest").GetProperty("time");
        return new StackState(deployment.Items("resources", StateResource.Read), deployment.Items("pending_operations", PendingOperation.Read));
    });

    /// <summary>The resource of that URN; null where there is none, or only what is left of one that is to be deleted.</summary>
    public StateResource? Find(string urn) => Resources.FirstOrDefault(resource => resource.Urn == urn && !resource.Doomed);
}

/// <summary>One resource of a state.</summary>
/// <param name="Urn">Its URN.</param>
/// <param name="Type">Its type.</param>
/// <param name="Id">The provider's id of it.</param>
/// <param name="Doomed">Whether it is an old one that is still to be deleted.</param>
/// <param name="PendingReplacement">Whether it was deleted, and its replacement not created yet.</param>
/// <param name="InitErrors">Why it was created and did not come up.</param>
/// <param name="Outputs">Its properties.</param>
internal sealed record StateResource(string Urn, string Type, string? Id, bool Doomed, bool PendingReplacement, IReadOnlyList<string> InitErrors, JsonElement? Outputs)
{
    public static StateResource Read(JsonElement resource) => new(
        resource.Text("urn"),
        resource.Text("type"),
        resource.OptionalText("id"),
        resource.Flag("delete"),
        resource.Flag("pendingReplacement"),
        resource.Texts("initErrors"),
        resource.Optional("outputs")?.Clone());
}

/// <summary>An operation that was begun and of which no end is known.</summary>
/// <param name="Urn">What it acts on.</param>
/// <param name="Kind">Pulumi's word for it, for example <c>creating</c>.</param>
internal sealed record PendingOperation(string Urn, string Kind)
{
    public static PendingOperation Read(JsonElement operation) => new(operation.GetProperty("resource").Text("urn"), operation.Text("type"));

    /// <inheritdoc />
    public override string ToString() => $"{Kind} {Urns.Name(Urn)}";
}
