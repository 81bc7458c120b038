using System.ComponentModel;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>The body of an act: why it is asked is always part of it.</summary>
internal interface IActBody
{
    /// <summary>The reason, for the journal and the report; may be left out.</summary>
    string? Why { get; }
}

/// <summary>What is to be started.</summary>
/// <param name="Fleet">The fleet's name.</param>
/// <param name="Image">Another image than the fleet file's: <c>name</c> or <c>name@version</c>.</param>
/// <param name="Why">The reason, for the journal and the report.</param>
/// <param name="IfBusy"><c>refuse</c> (default) or <c>queue</c>: what is done when the fleet has an unfinished run.</param>
/// <param name="OutsideWindows">Do not wait for a patch window; needs <paramref name="Why"/>.</param>
/// <param name="Overrides">Gates that the image may pass although they refuse it.</param>
internal sealed record StartBody(
    [property: Description("The fleet's name.")] string Fleet,
    [property: Description("Another image than the fleet file's: name, or name@version.")] string? Image = null,
    [property: Description("Why, for the journal and the report.")] string? Why = null,
    [property: Description("What is done when the fleet has an unfinished run: refuse, or queue.")] IfBusy IfBusy = IfBusy.Refuse,
    [property: Description("Do not wait for a patch window; needs why.")] bool OutsideWindows = false,
    [property: Description("Gates that the image may pass although they refuse it; needs the right to approve.")] IReadOnlyList<OverrideBody>? Overrides = null) : IActBody;

/// <summary>A gate that an image may pass although it refuses it.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="Reason">Why, for the journal and the report.</param>
internal sealed record OverrideBody(string Gate, string Reason);

/// <summary>What is done when the fleet has an unfinished run.</summary>
internal enum IfBusy
{
    /// <summary>The start is refused, and the run is named.</summary>
    Refuse,

    /// <summary>The start waits until the fleet is free.</summary>
    Queue,
}

/// <summary>What is to be planned.</summary>
/// <param name="Fleet">The fleet's name.</param>
/// <param name="Image">Another image than the fleet file's.</param>
/// <param name="Why">The reason.</param>
/// <param name="Overrides">Gates that the image may pass although they refuse it.</param>
internal sealed record PlanBody(
    [property: Description("The fleet's name.")] string Fleet,
    [property: Description("Another image than the fleet file's: name, or name@version.")] string? Image = null,
    [property: Description("Why, for the record of acts.")] string? Why = null,
    [property: Description("Gates that the image may pass although they refuse it; needs the right to approve.")] IReadOnlyList<OverrideBody>? Overrides = null) : IActBody;

/// <summary>Why something is asked of a run.</summary>
/// <param name="Why">The reason.</param>
internal sealed record WhyBody([property: Description("Why, for the journal and the report.")] string? Why = null) : IActBody;
