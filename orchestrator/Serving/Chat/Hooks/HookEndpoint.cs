using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Chat.Vendors;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Chat.Hooks;

/// <summary><c>POST /hooks/NAME</c>: checks the signature, takes the delivery once, answers in time and the rest later.</summary>
internal sealed class HookEndpoint(ServeSettings settings, SecretStore secrets, Redaction redaction, DeliveryStore deliveries, HookWork work, Buttons buttons, RateLimits limits, Instance instance, TimeProvider clock, Func<string> newId)
{
    /// <summary>Maps the address.</summary>
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/hooks/{hook}", (HttpContext http, string hook, HookEndpoint endpoint) => endpoint.TakeAsync(http, hook)).ExcludeFromDescription();

    private async Task TakeAsync(HttpContext http, string name)
    {
        if (settings.Chat.Hooks.GetValueOrDefault(name) is not { } hook)
        {
            limits.CountUnsigned(http);
            throw Problem.Of(ProblemCode.NotFound, "There is no webhook of this name.");
        }

        var vendor = VendorList.Of(hook.Vendor);
        var body = await BodyAsync(http, vendor.BodyBytes);
        var incoming = Read(http, vendor, hook, body);
        limits.CountSigned(http, name);
        if (incoming is IncomingNothing nothing)
        {
            await WriteAsync(http, 200, vendor.Write(new ChatReply($"Nothing is done: {nothing.Why}.")));
            return;
        }

        var task = HookTask.Of(name, incoming, redaction);
        var (delivery, isNew) = await deliveries.TakeAsync(new StoredDelivery(name, SecretHash.Of(incoming.Key), newId(), task.Write(), instance.Id, clock.GetUtcNow()), http.RequestAborted);
        if (isNew)
            await AnswerAsync(http, vendor, hook, task, delivery);
        else if (vendor.Retries)
            await WriteAsync(http, 200, vendor.Write(new ChatReply(delivery.Answer ?? "It came before and is being carried out.")));
        else
            throw Problem.Of(ProblemCode.DeliveryReplayed, "This delivery came before; nothing was done again.");
    }

    private Incoming Read(HttpContext http, IVendor vendor, HookSettings hook, byte[] body)
    {
        try
        {
            return vendor.Read(new HookRequest(http.Request.Headers, body, [.. hook.Keys.Select(secrets.Get)], clock.GetUtcNow()), hook);
        }
        catch (Problem)
        {
            limits.CountUnsigned(http);
            throw;
        }
    }

    private async Task AnswerAsync(HttpContext http, IVendor vendor, HookSettings hook, HookTask task, StoredDelivery delivery)
    {
        // A button is always answered where its message is, if there is a way to it.
        var later = task is { Button: true, AnswerTo: not null };
        var within = later ? TimeSpan.Zero : vendor.AnswerWithin;
        var reply = await work.DoAsync(hook, task, delivery, within);
        if (reply is null && later)
            http.Response.StatusCode = StatusCodes.Status200OK;
        else if (reply is null)
            await WriteAsync(http, vendor.Retries ? 202 : 200, vendor.Write(buttons.On(hook, task, new ChatReply(task.AnswerTo is not null || vendor.Retries ? "It is being carried out."
                : hook.AnswerIn is { } channel ? $"It takes longer than this chat waits for an answer, and goes on. The answer comes by {channel}."
                : "It takes longer than this chat waits for an answer, and goes on. In a moment, ask for it: answer"))));
        else
            await WriteAsync(http, vendor.Retries && reply.Status >= 500 ? reply.Status : 200, vendor.Write(buttons.On(hook, task, reply)));
    }

    private static async Task<byte[]> BodyAsync(HttpContext http, int most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most;
        return await ApiJson.BytesAsync(http);
    }

    private static async Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(json, http.RequestAborted);
    }
}
