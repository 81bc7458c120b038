using System.Text.Json;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Documents;

/// <summary>What <c>pulumi preview --json</c> prints.</summary>
/// <param name="Steps">The steps, in order.</param>
/// <param name="Errors">Its error diagnostics.</param>
internal sealed record PreviewDocument(IReadOnlyList<PreviewStep> Steps, IReadOnlyList<string> Errors)
{
    private const string Name = "the preview";

    /// <exception cref="DocumentException">It is cut, damaged, or contradicts itself.</exception>
    public static PreviewDocument Parse(string text) => Document.Read(Name, text, root =>
    {
        var steps = root.Items("steps", Step);
        var errors = root.Items("diagnostics", diagnostic => (Severity: diagnostic.Text("severity"), Message: diagnostic.Text("message")))
            .Where(diagnostic => diagnostic.Severity == "error")
            .Select(diagnostic => diagnostic.Message)
            .ToList();
        // The summary comes last in a preview that came to its end. A change that it counts and no step shows would pass the guard unseen.
        var summary = root.GetProperty("changeSummary");
        foreach (var (operation, count) in summary.EnumerateObject().Select(change => (change.Name, change.Value.GetInt32())))
        {
            if (count > 0 && operation != "same" && errors.Count == 0 && !steps.Any(step => step.Operation == operation))
                throw new FormatException($"it counts {count} of '{operation}' and shows no such step");
        }

        return new PreviewDocument(steps, errors);
    });

    private static PreviewStep Step(JsonElement step) => new(
        step.Text("op"),
        step.Text("urn"),
        step.Texts("replaceReasons"),
        step.Optional("detailedDiff") is { } diff ? [.. diff.EnumerateObject().Select(property => property.Name)] : step.Texts("diffReasons"));
}

/// <summary>One step of a preview.</summary>
/// <param name="Operation">Pulumi's word for it.</param>
/// <param name="Urn">What it acts on.</param>
/// <param name="ReplaceReasons">The properties that make it a replacement.</param>
/// <param name="Differences">The properties that differ.</param>
internal sealed record PreviewStep(string Operation, string Urn, IReadOnlyList<string> ReplaceReasons, IReadOnlyList<string> Differences)
{
    /// <summary>The last part of a URN, the resource's own name.</summary>
    public string Resource => Urns.Name(Urn);

    /// <inheritdoc />
    public override string ToString() =>
        $"{Operation} of {Resource}{(Differences.Count > 0 ? $", {string.Join(", ", Differences)} differ" : string.Empty)}{(ReplaceReasons.Count > 0 ? $", replaced because of {string.Join(", ", ReplaceReasons)}" : string.Empty)}";
}
