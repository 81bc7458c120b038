using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>What the OpenAPI document says of an endpoint.</summary>
internal static class Described
{
    public static RouteHandlerBuilder Gets<T>(this RouteHandlerBuilder endpoint, string name, string summary) => endpoint
        .WithName(name).WithSummary(summary).Produces<T>().Produces(304).Refuses(401, 403, 404, 429, 503);

    public static RouteHandlerBuilder Lists<T>(this RouteHandlerBuilder endpoint, string name, string summary) => endpoint.Gets<Page<T>>(name, summary);

    public static RouteHandlerBuilder Acts<TBody>(this RouteHandlerBuilder endpoint, string name, string summary)
        where TBody : notnull => endpoint
        .WithName(name).WithSummary(summary).Accepts<TBody>("application/json").IsAct();

    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder endpoint, string name, string summary)
        where TBody : notnull => endpoint
        .WithName(name).WithSummary(summary).Accepts<TBody>("multipart/form-data").IsAct();

    private static RouteHandlerBuilder IsAct(this RouteHandlerBuilder endpoint) => endpoint
        .Refuses(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            (operation.Parameters ??= []).Add(Parameter("Idempotency-Key", ParameterLocation.Header, "Another one for each act: the same key gets the same answer.", true));
            return Task.CompletedTask;
        });

    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<T>(status);
        return endpoint;
    }

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<ProblemDocument>(status, Problems.ContentType);
        return endpoint;
    }

    public static RouteHandlerBuilder Filters(this RouteHandlerBuilder endpoint, string name, string description) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        (operation.Parameters ??= []).Add(Parameter(name, ParameterLocation.Query, description, false));
        return Task.CompletedTask;
    });

    public static RouteHandlerBuilder Pages(this RouteHandlerBuilder endpoint) => endpoint
        .Filters("limit", "At most so many.").Filters("cursor", "Where the page begins: next of the page before.").Refuses(400);

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string description, bool required) =>
        new() { Name = name, In = place, Description = description, Required = required, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
