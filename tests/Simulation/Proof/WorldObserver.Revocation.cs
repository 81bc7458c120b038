namespace Refresh.Simulation.Proof;

/// <summary>Nothing is begun from an image that is known to be revoked, and a run hears of it while somebody works on it.</summary>
internal sealed partial class WorldObserver
{
    /// <summary>The catalogue is asked every five seconds, and the journal may be slow.</summary>
    private static readonly TimeSpan s_hearing = TimeSpan.FromSeconds(30);

    /// <summary>When the journal took it that the image is revoked.</summary>
    private TimeSpan? _revocationHeard;

    private void HearsOfRevocation(TimeSpan undisturbed)
    {
        if (world.RevokedAt is not { } revoked || world.Journal.Run is not { Finished: false, GoingBack: false } run)
            return;
        var since = revoked > undisturbed ? revoked : undisturbed;
        Holds(_revocationHeard is not null || world.Now - since < s_hearing, "revoked image", $"the image was revoked {(world.Now - revoked).TotalSeconds:0} s ago, and the run is {run.State} and has not heard of it");
    }
}
