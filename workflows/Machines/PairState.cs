namespace Refresh.Workflows.Machines;

/// <summary>Where a pair stands. The names are part of the journal's format.</summary>
public enum PairState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Its members are being refreshed, one at a time.</summary>
    Refreshing,

    /// <summary>Both members are refreshed, and the pair is watched for the bake of its wave.</summary>
    Soaking,

    /// <summary>Both members run the golden image.</summary>
    Refreshed,

    /// <summary>Needed nothing.</summary>
    Skipped,

    /// <summary>A step failed; the pair is left exactly as it is, for a person.</summary>
    Frozen,

    /// <summary>The run ended between its members: one is refreshed, the other is not.</summary>
    Halted,

    /// <summary>Its members go back to their recorded images, one at a time.</summary>
    RollingBack,

    /// <summary>Its members run their recorded images again.</summary>
    RolledBack,
}

/// <summary>What moves a pair on. The names are part of the journal's format.</summary>
public enum PairTrigger
{
    /// <summary>Its turn has come.</summary>
    Begin,

    /// <summary>Neither member needs anything.</summary>
    NothingToDo,

    /// <summary>Both members are done.</summary>
    MembersDone,

    /// <summary>It stayed good for the whole bake, or the bake was cut short by a request.</summary>
    Baked,

    /// <summary>A member failed.</summary>
    Freeze,

    /// <summary>The run ends before either member was touched.</summary>
    StandDown,

    /// <summary>The run ends between its members.</summary>
    Halt,

    /// <summary>Its members are to go back.</summary>
    Revert,

    /// <summary>Every member that was touched has gone back.</summary>
    Reverted,
}
