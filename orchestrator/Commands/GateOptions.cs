using System.CommandLine;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Commands;

/// <summary>Options with which a person lets an image pass gates that refuse it.</summary>
internal static class GateOptions
{
    public static Option<string[]> Override()
    {
        var option = new Option<string[]>("--override") { Description = "Let the image pass this gate although it refuses; may be given several times, needs --reason.", HelpName = "gate" };
        option.CompletionSources.Add([.. GateNames.Overridable]);
        return option;
    }

    public static Option<string> Reason() => new("--reason") { Description = "Why a gate is overridden, for the journal and the report.", DefaultValueFactory = _ => string.Empty };

    public static IReadOnlyList<GateOverride> Read(ParseResult parsed, Option<string[]> gates, Option<string> reason)
    {
        var now = CommandContext.Clock.GetUtcNow();
        var asked = parsed.GetValue(gates) ?? [];
        if (asked.Length == 0 && parsed.GetValue(reason) is { Length: > 0 })
            throw new CommandFailure(ExitCodes.Usage, "gate-missing", "--reason is why a gate is overridden, and no gate is.", "--override GATE names one.");
        return [.. asked.Distinct(StringComparer.Ordinal).Select(gate => new GateOverride(gate, CommandContext.User, parsed.GetValue(reason)!.Trim(), now))];
    }
}
