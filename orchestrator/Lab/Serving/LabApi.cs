using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;

namespace Refresh.Lab.Serving;

/// <summary>The lab's HTTP interface, as <c>docs/lab.md</c> documents it.</summary>
internal static class LabApi
{
    private const int LongestWaitMs = 5_000;

    public static void MapLab(this IEndpointRouteBuilder app, LabCloud cloud, Func<LabFacts> facts, Action shutdown)
    {
        var v1 = app.MapGroup("/v1");
        v1.MapGet("/lab", facts);
        v1.MapPost("/shutdown", () =>
        {
            shutdown();
            return Results.Accepted();
        });
        v1.MapGet("/images", cloud.Images.List);
        v1.MapGet("/vms", cloud.Book.Vms);
        v1.MapGet("/vms/{name}", cloud.Book.Get);
        v1.MapPost("/vms", (CreateRequest request) => Accepted(cloud.Create(request)));
        v1.MapDelete("/vms/{name}", (string name) => Accepted(cloud.Delete(name)));
        v1.MapPost("/vms/{name}/clone", (string name, CloneRequest request, HttpContext context) => Clone(cloud, name, request, context));
        v1.MapPost("/vms/{name}/power", (string name, PowerRequest request) => Accepted(cloud.Power(name, request.Power)));
        v1.MapGet("/operations", (string? vm) => cloud.Book.Operations(vm));
        v1.MapGet("/operations/{id}", (string id, int? wait, CancellationToken cancellation) =>
            cloud.ReadAsync(id, TimeSpan.FromMilliseconds(Math.Clamp(wait ?? 0, 0, LongestWaitMs)), cancellation));
        v1.MapGet("/faults", cloud.Book.Faults);
        v1.MapPost("/faults", (FaultRequest request) =>
        {
            cloud.Fail(request);
            return Results.NoContent();
        });
        v1.MapDelete("/faults", (string? vm) =>
        {
            cloud.ClearFaults(vm);
            return Results.NoContent();
        });
    }

    /// <summary>Answers every refusal as problem+json.</summary>
    public static async Task AnswerProblemsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (LabException e)
        {
            await WriteAsync(context, new("The lab refused.", e.Status, e.Text, e.Code, e.Next));
        }
        catch (BadHttpRequestException e)
        {
            await WriteAsync(context, new("The request cannot be read.", e.StatusCode, (e.InnerException ?? e).Message, "bad-request", "see docs/lab.md"));
        }
    }

    private static Task WriteAsync(HttpContext context, LabProblem problem)
    {
        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(problem, LabJson.Default.LabProblem, "application/problem+json", context.RequestAborted);
    }

    private static IResult Clone(LabCloud cloud, string name, CloneRequest request, HttpContext context)
    {
        var cutOff = cloud.CutsOff(name);
        var operation = cloud.Clone(name, request);
        if (cutOff)
            context.Abort();
        return Accepted(operation);
    }

    private static IResult Accepted(LabOperation operation) => Results.Accepted($"/v1/operations/{operation.Id}", operation);
}
