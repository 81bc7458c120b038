using System.Text.Json;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Hosting;

namespace Refresh.Orchestrator.Serving.Triggers;

/// <summary>Places the orders of triggers: what was handled and its order are kept in one transaction, so that a crash loses neither and repeats neither.</summary>
/// <param name="store">What was handled.</param>
/// <param name="clock">The only clock.</param>
/// <param name="newId">Makes ids.</param>
internal sealed class OrderDesk(TriggerStore store, TimeProvider clock, Func<string> newId)
{
    /// <summary>Who a run is by that a patch window starts. No token can be of this name.</summary>
    public const string Schedule = "schedule";

    /// <summary>Who a run is by that a new image starts. No token can be of this name.</summary>
    public const string Catalogue = "catalogue";

    /// <summary>Handles a trigger by ordering a run.</summary>
    /// <param name="handled">The trigger.</param>
    /// <param name="terms">On which terms.</param>
    /// <param name="asker">Who orders, and why.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="id">The order's id, where it was settled before.</param>
    /// <returns>The order's id, which its run will have.</returns>
    public async Task<string> PlaceAsync(HandledTrigger handled, StartTerms terms, Asker asker, CancellationToken cancellation, string? id = null)
    {
        var order = new StoredOrder(id ?? newId(), handled.Fleet, JsonSerializer.Serialize(terms, DocumentJson.Options), asker.By, asker.From, asker.Why, clock.GetUtcNow(), OrderState.Waiting, null, null);
        await store.HandleAsync(handled, order, cancellation);
        return order.Id;
    }

    /// <summary>Handles a trigger that orders nothing.</summary>
    public Task NoteAsync(HandledTrigger handled, CancellationToken cancellation) => store.HandleAsync(handled, null, cancellation);

    /// <summary>Lets an order that was refused wait anew.</summary>
    public Task AgainAsync(HandledTrigger handled, CancellationToken cancellation) => store.AgainAsync(handled, clock.GetUtcNow(), cancellation);
}
