using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>Turns whatever goes wrong into problem details (RFC 9457) with a code of the table; no stack trace leaves the service.</summary>
internal sealed partial class Problems(RequestDelegate next, Redaction redaction, ILogger<Problems> logger)
{
    public const string ContentType = "application/problem+json";

    /// <summary>Answers a request, or says why not.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: 404 or 405 or 415, ContentLength: null, ContentType: null })
                throw Bare(http);
        }
        catch (OperationCanceledException gone) when (gone is ConnectionAbortedException || http.RequestAborted.IsCancellationRequested)
        {
            LogGone(What(http));
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            var (code, document) = Of(failure, http);
            Log(http, code, failure);
            http.Response.StatusCode = code.Status;
            http.Response.ContentType = ContentType;
            await http.Response.WriteAsync(redaction.Clean(JsonSerializer.Serialize(document, DocumentJson.Options)), http.RequestAborted);
        }
    }

    /// <summary>What a failure is, and the document that tells it.</summary>
    public static (ProblemCode Code, ProblemDocument Document) Of(Exception failure, HttpContext http)
    {
        var (code, detail, reasons, run) = failure switch
        {
            Problem problem => (problem.Code, problem.Message, problem.Reasons, problem.Run),
            JournalException fault => (Of(fault.Fault), fault.Message, (IReadOnlyList<Reason>)[], null),
            AdapterException adapter => (Of(adapter.Reason), adapter.Reason.Text, [adapter.Reason], null),
            BadHttpRequestException { StatusCode: 413 } => (ProblemCode.BodyTooLarge, $"The body is larger than {MostBytes(http)}; docs/serve.md has the limits.", [], null),
            BadHttpRequestException bad => (ProblemCode.InvalidRequest, bad.Message, [], null),
            _ => (ProblemCode.Defect, "What happened was not foreseen; the service's log has it.", [], null),
        };
        return (code, new ProblemDocument($"urn:refresh:problem:{code.Code}", code.Title, code.Status, detail, http.Request.Path, code.Code, reasons, run));
    }

    private static ProblemCode Of(Reason reason) => reason.Code switch
    {
        "image-unknown" => ProblemCode.NoSuchImage,
        "image-not-permitted" => ProblemCode.ImageNotPermitted,
        "image-not-added" or "image-source-unusable" or "image-digest-mismatch" or "scan-unreadable" or "packages-unreadable" or "images-not-compared" => ProblemCode.ImageRefused,
        _ => ProblemCode.AdapterFailed,
    };

    private static string MostBytes(HttpContext http) => http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } most
        ? FormattableString.Invariant($"the {most} bytes that this address takes")
        : "this address takes";

    private static ProblemCode Of(JournalFault fault) => fault switch
    {
        JournalFault.FleetHasRun => ProblemCode.FleetHasRun,
        JournalFault.LeaseHeld or JournalFault.LeaseLost => ProblemCode.FleetHeld,
        JournalFault.Claimed => ProblemCode.MemberClaimed,
        JournalFault.NoSuchRun => ProblemCode.NoSuchRun,
        _ => ProblemCode.JournalUnavailable,
    };

    private static Problem Bare(HttpContext http) => http.Response.StatusCode switch
    {
        405 => Problem.Of(ProblemCode.MethodNotAllowed, $"{http.Request.Method} is not for this address; Allow says which are."),
        415 when CatalogueEndpoints.TakesFiles(http.Request.Path) => Problem.Of(ProblemCode.NotMultipart, "The body must be multipart/form-data."),
        415 => Problem.Of(ProblemCode.NotJson, "The body must be application/json in UTF-8."),
        _ => Problem.Of(ProblemCode.NotFound, "There is nothing at this address. /openapi/v1.json describes those that there are."),
    };

    private static string What(HttpContext http) => $"{http.Request.Method} {Problem.Shown(http.Request.Path)}";

    private void Log(HttpContext http, ProblemCode code, Exception failure)
    {
        var what = What(http);
        if (code == ProblemCode.Defect)
            LogDefect(failure, what);
        else if (code.Status is 401 or 403 or 429)
            LogDenied(what, code.Code, TokenGate.Origin(http), Caller.Find(http)?.Person);
        else if (code.Status >= 500)
            LogFailed(what, code.Code, failure.Message);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The caller of {Request} has gone")]
    private partial void LogGone(string request);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A defect ended {Request}")]
    private partial void LogDefect(Exception defect, string request);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Request} was denied ({Code}) to {Origin}, {Person}")]
    private partial void LogDenied(string request, string code, string origin, string? person);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Request} failed ({Code}): {Why}")]
    private partial void LogFailed(string request, string code, string why);
}

/// <summary>A problem as it is told.</summary>
/// <param name="Type">A name for the kind of problem.</param>
/// <param name="Title">What the code means.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened, to whom, and what to do next.</param>
/// <param name="Instance">The address that was asked.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Reasons">What stands in the way.</param>
/// <param name="Run">The run that it is about, for example the one that holds the fleet.</param>
internal sealed record ProblemDocument(string Type, string Title, int Status, string Detail, string Instance, string Code, IReadOnlyList<Reason> Reasons, string? Run);
