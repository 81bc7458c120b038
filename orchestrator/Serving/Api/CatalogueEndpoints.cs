using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refresh.Orchestrator.Application.Catalogues;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images.Sources;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Hosting;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>The catalogue of golden images that a fleet takes its own from: what is in it, what people decide, what is put in.</summary>
internal static class CatalogueEndpoints
{
    private const string Why = "why";

    public static void MapCatalogues(this IEndpointRouteBuilder api)
    {
        var catalogue = api.MapGroup("/fleets/{fleet}/catalogue").WithTags("Catalogue");
        catalogue.MapGet("", ListAsync).Gets<ItemsDocument<ImageDocument>>("listCatalogue", "Every image, with what its gates say and where it runs.").Refuses(502);
        catalogue.MapPost("", AddAsync).Takes<ImageUpload>("addImage", "Puts an image into the catalogue, with scan reports: all of it or nothing.").Gives<AddedImageDocument>(201).Refuses(502);
        catalogue.MapGet("/{image}", ShowAsync).Gets<ImageDocument>("getImage", "All that is known of an image: name@version, or name for its newest build.").Refuses(502);
        catalogue.MapGet("/{image}/verification", VerifyAsync).Gets<VerifiedImageDocument>("verifyImage", "Reads everything of an image again, and says whether it holds.").Refuses(409, 502);
        catalogue.MapGet("/{image}/diff", DiffAsync).Gets<ImageDiffDocument>("diffImage", "What differs between an image and another.").Filters("to", "The other image.").Refuses(400, 409, 502);
        catalogue.MapPost("/{image}/approve", ApproveAsync).Acts<WhyBody>("approveImage", "Approves an image as it is; with why, that releases it from quarantine.").Gives<ApprovedImageDocument>(200).Refuses(502);
        catalogue.MapPost("/{image}/revoke", RevokeAsync).Acts<WhyBody>("revokeImage", "Revokes an image for good; needs why. Runs to it stop at their next safe step.").Gives<RevokedImageDocument>(200).Refuses(502);
        catalogue.MapPost("/{image}/scans", ScanAsync).Takes<ScanUpload>("addScan", "Takes in a scan report: Trivy or Grype JSON, or SARIF.").Gives<ScannedImageDocument>(200).Refuses(502);
    }

    /// <summary>Whether files are sent to an address, in place of JSON.</summary>
    public static bool TakesFiles(PathString path) => path.Value is { } text && (text.EndsWith("/catalogue", StringComparison.Ordinal) || text.EndsWith("/scans", StringComparison.Ordinal));

    private static async Task ListAsync(HttpContext http, string fleet, CatalogueDesk desk) => await http.AnswerAsync(
        new ItemsDocument<ImageDocument>(await (await desk.OpenAsync(fleet, Caller.Of(http), http.RequestAborted)).ListAsync(http.RequestAborted)));

    private static async Task ShowAsync(HttpContext http, string fleet, string image, CatalogueDesk desk) => await http.AnswerAsync(
        await (await desk.OpenAsync(fleet, Caller.Of(http), http.RequestAborted)).ShowAsync(image, http.RequestAborted));

    private static async Task VerifyAsync(HttpContext http, string fleet, string image, CatalogueDesk desk) => await http.AnswerAsync(
        await (await desk.OpenAsync(fleet, Caller.Of(http), http.RequestAborted)).VerifyAsync(image, http.RequestAborted));

    private static async Task DiffAsync(HttpContext http, string fleet, string image, CatalogueDesk desk)
    {
        var catalogue = await desk.OpenAsync(fleet, Caller.Of(http), http.RequestAborted);
        var to = http.Request.Query["to"] is [{ Length: > 0 } other] ? other : throw Problem.Of(ProblemCode.InvalidRequest, "to is missing: the image to compare with.");
        await http.AnswerAsync(await catalogue.DiffAsync(image, to, http.RequestAborted));
    }

    private static Task ApproveAsync(HttpContext http, string fleet, string image, Acts acts, CatalogueDesk desk) => acts.DoAsync<WhyBody>(http, async (body, caller, _, cancellation) =>
    {
        var catalogue = await desk.OpenAsync(fleet, caller, Permission.Approve, cancellation);
        var approved = await catalogue.ApproveAsync(image, body.Why?.Trim(), cancellation);
        return new Answer(200, approved, null, fleet, approved.Image.Label);
    });

    private static Task RevokeAsync(HttpContext http, string fleet, string image, Acts acts, CatalogueDesk desk) => acts.DoAsync<WhyBody>(http, async (body, caller, _, cancellation) =>
    {
        var catalogue = await desk.OpenAsync(fleet, caller, Permission.Approve, cancellation);
        if (string.IsNullOrWhiteSpace(body.Why))
            throw Problem.Of(ProblemCode.InvalidRequest, "\"why\" is missing; a revocation says why.");
        var revoked = await catalogue.RevokeAsync(image, body.Why.Trim(), cancellation);
        return new Answer(200, revoked, null, fleet, revoked.Image.Label);
    });

    private static Task AddAsync(HttpContext http, string fleet, Acts acts, CatalogueDesk desk, ServeSettings settings) => acts.TakeAsync(
        http,
        new Awaited([ImageUpload.Image, ImageUpload.Scan], [Why, ImageUpload.From], settings.Limits.UploadBytes),
        caller => desk.Require(fleet, caller, Permission.Publish),
        async (sent, caller, id, cancellation) =>
        {
            var catalogue = await desk.OpenAsync(fleet, caller, Permission.Publish, cancellation);
            // With the id, which no other act has, an act that is carried out again after a crash finds what it had added.
            var told = $"{sent.Text(ImageUpload.From) ?? "an upload"}, sent from {caller.Origin} ({id})";
            var opened = await new ImageArchive(sent.File(ImageUpload.Image)).OpenAsync(sent.Directory, settings.Limits.UploadBytes, cancellation);
            var added = await catalogue.AddAsync(new IncomingImage(opened, told, sent.Files(ImageUpload.Scan), sent.Text(Why)) { Once = true }, cancellation);
            return new Answer(201, added, $"/v1/fleets/{Uri.EscapeDataString(fleet)}/catalogue/{Uri.EscapeDataString(added.Image.Label)}", fleet, added.Image.Label);
        });

    private static Task ScanAsync(HttpContext http, string fleet, string image, Acts acts, CatalogueDesk desk, ServeSettings settings) => acts.TakeAsync(
        http,
        new Awaited([ScanUpload.Report], [Why], settings.Limits.UploadBytes),
        caller => desk.Require(fleet, caller, Permission.Publish),
        async (sent, caller, _, cancellation) =>
        {
            var catalogue = await desk.OpenAsync(fleet, caller, Permission.Publish, cancellation);
            var scanned = await catalogue.ScanAsync(image, sent.File(ScanUpload.Report), cancellation);
            return new Answer(200, scanned, null, fleet, scanned.Image.Label);
        });
}
