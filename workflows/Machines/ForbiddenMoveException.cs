namespace Refresh.Workflows.Machines;

/// <summary>A trigger came that the state does not permit: a defect, or a request at the wrong time. Nothing was changed.</summary>
public sealed class ForbiddenMoveException : InvalidOperationException
{
    internal ForbiddenMoveException(string subject, string state, string trigger, IReadOnlyList<string> unmet, string permitted)
        : base($"A {subject} that is {state} cannot {trigger}"
            + (unmet.Count > 0 ? $", because it is not {string.Join(" and not ", unmet)}" : string.Empty)
            + $"; from {state} it can: {(permitted.Length > 0 ? permitted : "nothing, it is final")}.")
    {
        State = state;
        Trigger = trigger;
    }

    /// <summary>The state, by its persisted name.</summary>
    public string State { get; }

    /// <summary>The trigger, by its persisted name.</summary>
    public string Trigger { get; }
}
