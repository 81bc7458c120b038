using System.Text.Json;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>Runs that were ordered while their fleet had another: each begins when its fleet is free, in order.</summary>
internal sealed partial class OrderQueue(OrderStore orders, Redaction redaction, ILogger<OrderQueue> logger)
{
    /// <summary>The orders that are next: one of each fleet, and the others wait for its run.</summary>
    public async Task<IEnumerable<StoredOrder>> NextAsync(CancellationToken cancellation) =>
        (await orders.WaitingAsync(cancellation)).DistinctBy(order => order.Fleet, StringComparer.Ordinal);

    /// <summary>Begins an order, or refuses it for good.</summary>
    public async Task BeginAsync(StoredOrder order, FleetDesk desk, CancellationToken cancellation)
    {
        try
        {
            var run = await desk.BeginAsync(JsonSerializer.Deserialize<StartTerms>(order.Terms, DocumentJson.Options)!, new Asker(order.Person, order.Why, order.Origin), order.Id, cancellation);
            await orders.EndAsync(order.Id, run is null ? OrderState.Needless : OrderState.Begun, run?.Id, null, cancellation);
        }
        catch (Problem busy) when (busy.Code == ProblemCode.FleetHasRun)
        {
            // Another was quicker: the order waits on.
        }
        catch (Exception failure) when (failure is Problem or AdapterException or JournalException { Fault: JournalFault.Claimed or JournalFault.Conflict })
        {
            LogRefused(order.Id, order.Fleet, failure.Message);
            await orders.EndAsync(order.Id, OrderState.Refused, null, redaction.Clean(failure.Message), cancellation);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Order {Order} of fleet {Fleet} could not begin: {Why}")]
    private partial void LogRefused(string order, string fleet, string why);
}
