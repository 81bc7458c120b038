using System.Text.Json;
using System.Text.Json.Serialization;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Lab.Guests;
using Refresh.Lab.Images;
using Refresh.Lab.Load;

namespace Refresh.Lab;

/// <summary>All that the lab writes and reads as JSON; generated, so that a guest starts without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(GuestBehaviour))]
[JsonSerializable(typeof(GuestIdentity))]
[JsonSerializable(typeof(LabState))]
[JsonSerializable(typeof(LabFacts))]
[JsonSerializable(typeof(LabProblem))]
[JsonSerializable(typeof(LoadReport))]
[JsonSerializable(typeof(CloneRequest))]
[JsonSerializable(typeof(CreateRequest))]
[JsonSerializable(typeof(PowerRequest))]
[JsonSerializable(typeof(FaultRequest))]
[JsonSerializable(typeof(IReadOnlyList<LabVm>))]
[JsonSerializable(typeof(IReadOnlyList<LabImage>))]
[JsonSerializable(typeof(IReadOnlyList<LabFault>))]
[JsonSerializable(typeof(IReadOnlyList<LabOperation>))]
internal sealed partial class LabJson : JsonSerializerContext
{
    /// <summary>For files and answers that people read.</summary>
    public static LabJson Indented { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true });
}
