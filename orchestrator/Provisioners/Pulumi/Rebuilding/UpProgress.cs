using System.Globalization;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;

/// <summary>What the events of an update say so far: what goes on, for how long, and what went wrong.</summary>
internal sealed class UpProgress(ContractMember member, TimeProvider clock)
{
    private readonly List<string> _errors = [];
    private string _phase = "starting pulumi";
    private long _since = clock.GetTimestamp();

    /// <summary>The errors that were told of, in order.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Whether the creation of the member's VM was begun.</summary>
    public bool CreateBegun { get; private set; }

    /// <summary>Whether its end is known, a good or a bad one.</summary>
    public bool CreateEnded { get; private set; }

    /// <summary>What goes on, in words.</summary>
    public string Words => string.Create(CultureInfo.InvariantCulture, $"{_phase}, {clock.GetElapsedTime(_since).TotalSeconds:0} s");

    public void Hear(EngineEvent heard)
    {
        if (heard.Kind == EngineEventKind.Error)
            _errors.Add(heard.Message.Trim());
        else if (heard.Kind == EngineEventKind.Begun && Phase(heard) is { } phase && phase != _phase)
            (_phase, _since) = (phase, clock.GetTimestamp());
        if (heard.Urn == member.Urn && heard.Operation is "create" or "create-replacement")
        {
            CreateBegun |= heard.Kind == EngineEventKind.Begun;
            CreateEnded |= heard.Kind is EngineEventKind.Done or EngineEventKind.Failed;
        }
    }

    private string? Phase(EngineEvent begun) => (begun.Urn == member.Urn, begun.Operation) switch
    {
        (_, "same" or "read" or "replace") => null,
        (true, "delete-replaced" or "delete") => "deleting the old VM",
        (true, "create" or "create-replacement") => "cloning",
        _ => $"{begun.Operation} of {Urns.Name(begun.Urn)}",
    };
}
