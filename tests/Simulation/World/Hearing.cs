namespace Refresh.Simulation.World;

/// <summary>What one worker has heard of a VM. An answer that was lost on the way was not heard.</summary>
internal sealed class Hearing
{
    private int _passes;

    /// <summary>It was told from inside what the VM is.</summary>
    public bool Guest { get; set; }

    /// <summary>It was told which VM it is.</summary>
    public bool Identity { get; set; }

    /// <summary>The most healthy probes in a row that it was told of.</summary>
    public int MostPasses { get; private set; }

    /// <summary>A probe has answered, or has not.</summary>
    public void Probed(bool healthy)
    {
        _passes = healthy ? _passes + 1 : 0;
        MostPasses = Math.Max(MostPasses, _passes);
    }
}
