using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refresh.Orchestrator.Audits;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Audits;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>What the service looks at when it is asked to.</summary>
internal static class LookEndpoints
{
    private const int Patience = 15;

    public static void MapLooks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/fleets/{fleet}/doctor", DoctorAsync)
            .Gets<DoctorDocument>("examineFleet", "Everything that a run of the fleet needs, as this worker sees it now, and what to do about what is wrong. Changes nothing.")
            .Filters("image", "Another image than the fleet file's: name, or name@version.").Filters("timeout", "Seconds that each check may take, 15 unless told.").Refuses(400).WithTags("Fleets");
        api.MapPost("/audits", (HttpContext http, Acts acts, AuditDesk desk) =>
            {
                http.Allow(AuditBody.MostBytes);
                return acts.DoAsync<AuditBody>(http, (body, caller, _, cancellation) => desk.MakeAsync(body, caller, cancellation));
            })
            .Acts<AuditBody>("makeAudit", "What every member of the fleets runs by observation, and what is not as it should be. Changes nothing.").Gives<AuditDocument>(200).WithTags("Audits");
    }

    private static async Task DoctorAsync(HttpContext http, string fleet, DoctorDesk desk)
    {
        Caller.Of(http).Require(Permission.See, fleet);
        await http.AnswerAsync(await desk.ExamineAsync(fleet, ImageChoice.Parse(http.Request.Query["image"]), Timeout(http), http.RequestAborted));
    }

    private static TimeSpan Timeout(HttpContext http)
    {
        if (http.Request.Query["timeout"] is not [{ Length: > 0 } text])
            return TimeSpan.FromSeconds(Patience);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= DoctorDocument.LongestCheck
            ? TimeSpan.FromSeconds(seconds)
            : throw Problem.Of(ProblemCode.InvalidRequest, $"timeout is {Problem.Shown(text)} and must be 1 to {DoctorDocument.LongestCheck}.");
    }
}
