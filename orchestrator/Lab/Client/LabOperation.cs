using System.Text.Json.Serialization;

namespace Refresh.Lab.Client;

/// <summary>How far an operation is.</summary>
[JsonConverter(typeof(KebabCase<LabOperationState>))]
public enum LabOperationState
{
    /// <summary>Accepted, not begun.</summary>
    Pending,

    /// <summary>Going on.</summary>
    Running,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Ended by an error.</summary>
    Failed,
}

/// <summary>Something that the lab does, or did, to one VM.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Vm">The VM's name.</param>
/// <param name="Kind"><c>clone</c>, <c>create</c>, <c>delete</c> or <c>power</c>.</param>
/// <param name="Image">The image that a clone was asked for.</param>
/// <param name="State">How far it is.</param>
/// <param name="Phase">What it is at, in words: <c>cloning, 1.2 s of 3 s</c>.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="StartedAt">When it was accepted.</param>
/// <param name="FinishedAt">When it ended.</param>
public sealed record LabOperation(
    string Id,
    string Vm,
    string Kind,
    string? Image,
    LabOperationState State,
    string Phase,
    string? Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt)
{
    /// <summary>Whether it has ended.</summary>
    [JsonIgnore]
    public bool Finished => State is LabOperationState.Succeeded or LabOperationState.Failed;
}
