using Refresh.Orchestrator.Json;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Images;

namespace Refresh.Orchestrator.Probes;

/// <summary>What a guest answers, whichever way it is asked: JSON, see docs/guest.md.</summary>
internal static class GuestAnswer
{
    /// <summary>The longest output of a script that is kept, in characters.</summary>
    public const int MaxOutput = 4096;

    /// <summary>Reads the facts out of a guest's answer: all of them, or none.</summary>
    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong.</exception>
    public static GuestFacts Parse(ReadOnlyMemory<byte> answer, DateTimeOffset at) => JsonFields.Read(answer, fields =>
    {
        var image = fields.Object("image");
        return new GuestFacts(
            new ImageRef(image.Text("name"), image.Text("version"), image.Text("digest")),
            fields.Text("machineId"),
            fields.Instant("bootedAt"),
            fields.Texts("patches"),
            at)
        {
            Kernel = fields.OptionalText("kernel"),
            Reboot = fields.OptionalText("reboot"),
            Vm = fields.OptionalText("vm"),
            Packages = fields.OptionalMap("packages"),
            Scripts = fields.Has("scripts") ? fields.Objects("scripts", Script) : null,
        };
    });

    private static ScriptOutput Script(JsonFields script) =>
        new(script.Text("name"), (int)Math.Min(script.Number("exitCode", least: 0), int.MaxValue), script.Prose("output", MaxOutput));
}
