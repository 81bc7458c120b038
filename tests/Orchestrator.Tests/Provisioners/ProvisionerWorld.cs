using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Provisioners;

/// <summary>One pair on the old image behind a provisioner, and what can happen to it.</summary>
public abstract class ProvisionerWorld : IAsyncDisposable
{
    public abstract IProvisioner Provisioner { get; }

    public abstract Member First { get; }

    public abstract Member Peer { get; }

    /// <summary>A member that the provisioner was never told of.</summary>
    public virtual Member Stranger => new(new("strange", "s"), new("127.0.0.1", 1));

    public abstract GoldenImage Old { get; }

    public abstract GoldenImage New { get; }

    /// <summary>What the provisioner says of a VM that was made from an image.</summary>
    public virtual string Shown(GoldenImage image) => image.Ref.Label;

    /// <summary>Somebody else replaces the VM of a member.</summary>
    public abstract Task ReplaceFromOutsideAsync(Member member);

    /// <summary>The next rebuild of a member fails when the old VM is gone already.</summary>
    public abstract Task LetRebuildFailAsync(Member member);

    /// <summary>The next rebuild of a member ends with an error for the caller, but goes on and succeeds.</summary>
    public abstract Task LetRebuildSucceedUnheardAsync(Member member);

    /// <summary>A member's VM is switched off.</summary>
    public abstract Task SwitchOffAsync(Member member);

    public abstract ValueTask DisposeAsync();
}
