using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Probes;

/// <summary>Asks by a command of the user's; exit code 0 is healthy.</summary>
internal sealed class CommandProbe(CommandProbeSettings settings, TimeProvider time) : TimedProbe(settings.Timeout, time)
{
    // Arguments stay out of every text, since they may hold a secret.
    protected override string Question(Member member) => $"command {settings.Run[0]}";

    protected override async Task<Verdict> AskAsync(Member member, CancellationToken cancellation)
    {
        var ended = await MemberCommand.RunAsync(settings.Run, member, cancellation);
        return new Verdict(ended.ExitCode == 0, ended.Told(ended.Errors.IsEmpty ? ended.Output : ended.Errors));
    }
}
