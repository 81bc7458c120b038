using System.Text.Json.Serialization;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>On which terms a run is to start.</summary>
/// <param name="Image">Another image than the fleet file's, <c>name</c> or <c>name@version</c>; null for that one.</param>
/// <param name="OutsideWindows">It does not wait for a patch window.</param>
/// <param name="Overrides">Gates that the image may pass although they refuse it.</param>
internal sealed record StartTerms(string? Image, bool OutsideWindows, IReadOnlyList<GateOverride> Overrides)
{
    /// <summary>The run waits for a person's approval, whatever the fleet file says.</summary>
    public bool Propose { get; init; }

    /// <summary>The image that is chosen.</summary>
    [JsonIgnore]
    public ImageChoice? Choice => ImageChoice.Parse(Image);
}
