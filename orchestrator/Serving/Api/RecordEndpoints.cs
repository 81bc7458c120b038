using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>Orders that wait, the record of acts, tokens, and who one is.</summary>
internal static class RecordEndpoints
{
    public static void MapRecords(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", MeAsync).Gets<MeDocument>("getMe", "Who the token is, and what it may do.").WithTags("Access");
        api.MapGet("/tokens", TokensAsync).Gets<ItemsDocument<TokenDocument>>("listTokens", "The tokens; what opens is not kept.").WithTags("Access");
        api.MapGet("/acts", ActsAsync).Lists<StoredAct>("listActs", "What was asked of the service, by whom, from where, why, and what it was answered; latest first.").Pages().WithTags("Access");
        var orders = api.MapGroup("/orders").WithTags("Orders");
        orders.MapGet("", OrdersAsync).Gets<ItemsDocument<OrderDocument>>("listOrders", "Runs that wait until their fleet is free, in order.");
        orders.MapGet("/{order}", OrderAsync).Gets<OrderDocument>("getOrder", "One order, and the run that came of it.");
        orders.MapPost("/{order}/withdraw", (HttpContext http, string order, Acts acts, OrderStore store) => acts.DoAsync<WhyBody>(http, (_, caller, _, cancellation) => WithdrawAsync(store, order, caller, cancellation)))
            .Acts<WhyBody>("withdrawOrder", "Take an order back that still waits.").Gives<OrderDocument>(200);
    }

    private static Task MeAsync(HttpContext http, TokenStore _) => http.AnswerAsync(MeDocument.Of(Caller.Of(http)));

    private static async Task TokensAsync(HttpContext http, TokenStore tokens)
    {
        var fleets = Administers(http);
        var all = (await tokens.ListAsync(http.RequestAborted)).Select(TokenDocument.Of);
        await http.AnswerAsync(new ItemsDocument<TokenDocument>([.. fleets is null ? all : all.Select(token => token.For(fleets)).Where(token => token.Roles.Count > 0)]));
    }

    private static async Task ActsAsync(HttpContext http, ActStore acts)
    {
        var fleets = Administers(http);
        var limit = Paging.Limit(http);
        var items = await acts.ListAsync(Paging.Number(http), fleets, limit + 1, http.RequestAborted);
        await http.AnswerAsync(new Page<StoredAct>([.. items.Take(limit)], items.Count > limit ? Paging.Write(items[limit - 1].Place.ToString(CultureInfo.InvariantCulture)) : null));
    }

    /// <summary>The fleets that the caller is an admin of; null for all.</summary>
    private static IReadOnlySet<string>? Administers(HttpContext http)
    {
        var fleets = Caller.Of(http).Grants.Fleets(Permission.Administer);
        if (fleets is { Count: 0 })
            Caller.Of(http).Require(Permission.Administer, null);
        return fleets;
    }

    private static async Task OrdersAsync(HttpContext http, OrderStore orders)
    {
        var caller = Caller.Of(http);
        await http.AnswerAsync(new ItemsDocument<OrderDocument>([.. (await orders.WaitingAsync(http.RequestAborted)).Where(order => caller.May(Permission.See, order.Fleet)).Select(OrderDocument.Of)]));
    }

    private static async Task OrderAsync(HttpContext http, string order, OrderStore orders) =>
        await http.AnswerAsync(OrderDocument.Of(await FindAsync(orders, order, Caller.Of(http), http.RequestAborted)));

    private static async Task<StoredOrder> FindAsync(OrderStore orders, string id, Caller caller, CancellationToken cancellation) =>
        await orders.FindAsync(id, cancellation) is { } order && caller.May(Permission.See, order.Fleet) ? order : throw Problem.Of(ProblemCode.NoSuchOrder, $"There is no order {Problem.Shown(id)} here that this token may see.");

    private static async Task<Answer> WithdrawAsync(OrderStore orders, string id, Caller caller, CancellationToken cancellation)
    {
        var order = await FindAsync(orders, id, caller, cancellation);
        caller.Require(Permission.Stop, order.Fleet);
        var why = $"{caller.Person} took it back";
        var ended = await orders.EndAsync(id, OrderState.Withdrawn, null, why, cancellation);
        var now = await FindAsync(orders, id, caller, cancellation);
        // Who took it back already has what they ask for: the answer may have been lost.
        if (!ended && (now.State, now.Reason) != (OrderState.Withdrawn, why))
            throw Problem.Of(ProblemCode.OrderEnded, $"Order {id} waits no more: it is {now.State}.", now.Run);
        return new Answer(200, OrderDocument.Of(now), Fleet: order.Fleet, Subject: id);
    }
}

/// <summary>Who a token is.</summary>
/// <param name="Person">Whose acts are journaled under it.</param>
/// <param name="Token">The token's id.</param>
/// <param name="Roles">What it may do.</param>
internal sealed record MeDocument(string Person, string Token, IReadOnlyList<string> Roles)
{
    public static MeDocument Of(Caller caller) => new(caller.Person, caller.Token, [.. caller.Grants.All.Select(grant => grant.ToString())]);
}

/// <summary>A token, without what opens.</summary>
internal sealed record TokenDocument(string Id, string Person, IReadOnlyList<string> Roles, string Note, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? UsedAt, DateTimeOffset? RevokedAt, string? RevokedBy)
{
    /// <summary>The token with those of its roles alone that are for one of some fleets by name.</summary>
    public TokenDocument For(IReadOnlySet<string> fleets) => this with { Roles = [.. Roles.Where(role => Grant.Parse(role)?.Fleet is { } fleet && fleets.Contains(fleet))] };

    public static TokenDocument Of(StoredToken token) =>
        new(token.Id, token.Person, token.Grants.Split(' '), token.Note, token.CreatedAt, token.CreatedBy, token.ExpiresAt, token.UsedAt, token.RevokedAt, token.RevokedBy);
}
