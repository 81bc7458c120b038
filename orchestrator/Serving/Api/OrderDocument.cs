using System.Text.Json;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>A start that waits for its fleet, or what came of it.</summary>
/// <param name="Id">Its id; its run gets the same.</param>
/// <param name="Fleet">The fleet.</param>
/// <param name="Image">Another image than the fleet file's; null for that one.</param>
/// <param name="OutsideWindows">It does not wait for a patch window.</param>
/// <param name="Propose">Its run waits for a person's approval, whatever the fleet file says.</param>
/// <param name="Overrides">Gates that the image may pass although they refuse it.</param>
/// <param name="Person">Who ordered it.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Why">The reason given.</param>
/// <param name="At">When it was ordered.</param>
/// <param name="State">How it stands.</param>
/// <param name="Run">The run that came of it.</param>
/// <param name="Reason">Why nothing came of it.</param>
internal sealed record OrderDocument(
    string Id, string Fleet, string? Image, bool OutsideWindows, bool Propose, IReadOnlyList<GateOverride> Overrides, string Person, string? Origin, string Why, DateTimeOffset At, OrderState State, string? Run, string? Reason)
{
    public static OrderDocument Of(StoredOrder order)
    {
        var terms = JsonSerializer.Deserialize<StartTerms>(order.Terms, DocumentJson.Options)!;
        return new(order.Id, order.Fleet, terms.Image, terms.OutsideWindows, terms.Propose, terms.Overrides, order.Person, order.Origin, order.Why, order.At, order.State, order.Run, order.Reason);
    }
}
