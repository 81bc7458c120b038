using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Probes;

/// <summary>Reads a guest's identity by a command of the user's on this machine, which prints it.</summary>
/// <param name="settings">The command.</param>
/// <param name="time">The clock of the timeout and of the facts.</param>
public sealed class CommandGuestIdentity(CommandIdentitySettings settings, TimeProvider time) : GuestQuestion(settings.Timeout, time)
{
    // Arguments stay out of every text, since they may hold a secret.
    private protected override string Question(Member member) => $"command {settings.Run[0]}";

    private protected override async Task<(ReadOnlyMemory<byte> Answer, string? HostKey)> AskAsync(Member member, CancellationToken cancellation)
    {
        var ended = await MemberCommand.RunAsync(settings.Run, member, cancellation);
        if (ended.ExitCode != 0)
            throw new FormatException(ended.Told(ended.Errors));
        return ended.Output.Length < BoundedBody.MaxBytes ? (ended.Output, null) : throw new FormatException("the answer has 64 KiB or more");
    }
}
