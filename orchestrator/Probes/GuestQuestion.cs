using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Probes;

/// <summary>Asks a guest what it is (promise 2), within a time; kinds differ in how they ask.</summary>
/// <param name="timeout">How long one answer may take.</param>
/// <param name="time">The clock of the timeout and of the facts.</param>
public abstract class GuestQuestion(TimeSpan timeout, TimeProvider time) : IGuestIdentity
{
    private readonly TimedQuestion _question = new(timeout, time);

    /// <inheritdoc />
    public async Task<GuestFacts> ReadAsync(Member member, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(member);
        try
        {
            var (answer, hostKey) = await _question.AskAsync(stop => AskAsync(member, stop), cancellation);
            return GuestAnswer.Parse(answer, time.GetUtcNow()) with { HostKey = hostKey };
        }
        catch (NoAnswerException late)
        {
            throw Unreachable(member, late.Message, late);
        }
        catch (FormatException exception)
        {
            throw Failed(member, "guest-identity-invalid", exception.Message, "Have the guest answer with image{name,version,digest}, machineId, bootedAt and patches.", exception);
        }
        catch (Exception exception) when (Explain(exception) is not null)
        {
            throw Unreachable(member, Explain(exception)!, exception);
        }
    }

    /// <summary>The way that fits the settings.</summary>
    /// <param name="settings">How guests tell what they are.</param>
    /// <param name="provisioner">Tells which VM a member is, so that an SSH host key is pinned to that VM.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The adapter.</returns>
    public static IGuestIdentity Of(IdentitySettings settings, IProvisioner provisioner, TimeProvider time) => settings switch
    {
        HttpIdentitySettings http => new HttpGuestIdentity(http, time),
        SshIdentitySettings ssh => new SshGuestIdentity(ssh, provisioner, time),
        CommandIdentitySettings command => new CommandGuestIdentity(command, time),
        _ => throw new NotSupportedException($"There is no guest identity for {settings?.GetType().Name ?? "null"}."),
    };

    /// <summary>Asks once.</summary>
    /// <param name="member">The member.</param>
    /// <param name="cancellation">Ends the question.</param>
    /// <returns>The answer, and the host key that it came with if there is one.</returns>
    private protected abstract Task<(ReadOnlyMemory<byte> Answer, string? HostKey)> AskAsync(Member member, CancellationToken cancellation);

    /// <summary>The question in words.</summary>
    private protected abstract string Question(Member member);

    /// <summary>Why a guest could not be asked, in words; null for a defect.</summary>
    private protected virtual string? Explain(Exception exception) => Failure.Explain(exception);

    private protected AdapterException Failed(Member member, string code, string why, string endsWhen, Exception? inner = null) =>
        new(new Reason(code, $"The guest of {member.Id} does not tell what it is: {Question(member)}: {why}", endsWhen), inner);

    private AdapterException Unreachable(Member member, string why, Exception inner) =>
        Failed(member, "guest-identity-unreachable", why, "Look whether the guest has booted and tells its identity there.", inner);
}
