using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>Where a recovery must not go on alone: says why, and prints the commands for a person.</summary>
internal sealed class ByHand(PulumiSettings settings, string stack, Member member)
{
    public AdapterException Stop(string code, string why, Rungs rungs, params string[] commands) => new(new Reason(
        code,
        $"{member.Id}: {why}{(rungs.All.Count > 0 ? $". Before that: {string.Join("; ", rungs.All)}" : string.Empty)}. Its peer was not touched",
        $"a person does this, in {settings.Project}{Environment()}: {string.Join(" && ", commands.Select(Named))}; then run again"));

    private string Named(string command) => command.StartsWith("pulumi ", StringComparison.Ordinal) ? $"{command} --stack {stack}" : command;

    private string Environment()
    {
        (string Name, string? Value)[] variables =
        [
            ("PULUMI_BACKEND_URL", settings.Access.Backend),
            ("PULUMI_HOME", settings.Access.Home),
            ("PULUMI_CONFIG_PASSPHRASE_FILE", settings.Access.PassphraseFile),
        ];
        var given = variables.Where(variable => variable.Value is not null).Select(variable => $"{variable.Name}={variable.Value}").ToList();
        return given.Count > 0 ? $" with {string.Join(' ', given)}" : string.Empty;
    }
}
