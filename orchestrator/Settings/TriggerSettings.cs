namespace Refresh.Orchestrator.Settings;

/// <summary>What starts runs of a fleet beside people and its patch windows.</summary>
/// <param name="OnNewImage">What <c>serve</c> does when an image is new in the catalogue that every gate lets pass.</param>
/// <param name="Superseding">What becomes of such an image while the fleet has an unfinished run.</param>
public sealed record TriggerSettings(NewImageStart OnNewImage = NewImageStart.None, Superseding Superseding = Superseding.Wait);

/// <summary>What <c>serve</c> does when an image is new in the catalogue that every gate lets pass.</summary>
public enum NewImageStart
{
    /// <summary>Nothing: a person, a trigger or a patch window starts runs.</summary>
    None,

    /// <summary>It starts a run that waits for a person's approval.</summary>
    Propose,

    /// <summary>It starts a run.</summary>
    Run,
}

/// <summary>What becomes of a newer image while a run is going.</summary>
public enum Superseding
{
    /// <summary>It waits until the run has ended.</summary>
    Wait,

    /// <summary>The run is cancelled, so that what has not begun goes to the newer image.</summary>
    Replace,

    /// <summary>It is refused: the run goes on, and nothing follows.</summary>
    Refuse,
}
