using Refresh.Orchestrator.Application.Catalogues;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Images.Sources;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Remote;

/// <summary>The catalogue of a fleet of a worker elsewhere. An image that is put there is read here first, so that a bad one is not sent.</summary>
internal sealed class RemoteCatalogue(RemoteServer server, string fleet) : ICatalogue
{
    /// <summary>Images are large, and what is read whole takes its time.</summary>
    private static readonly TimeSpan s_large = TimeSpan.FromHours(2);

    private string Place => $"v1/fleets/{Uri.EscapeDataString(fleet)}/catalogue";

    public async Task<IReadOnlyList<ImageDocument>> ListAsync(CancellationToken cancellation) => (await server.GetAsync<ItemsDocument<ImageDocument>>(Place, cancellation)).Items;

    public Task<ImageDocument> ShowAsync(string image, CancellationToken cancellation) => server.GetAsync<ImageDocument>(Of(image), cancellation);

    public Task<VerifiedImageDocument> VerifyAsync(string image, CancellationToken cancellation) => server.GetAsync<VerifiedImageDocument>($"{Of(image)}/verification", cancellation, s_large);

    public Task<ImageDiffDocument> DiffAsync(string from, string to, CancellationToken cancellation) => server.GetAsync<ImageDiffDocument>($"{Of(from)}/diff?to={Uri.EscapeDataString(to)}", cancellation);

    public Task<ApprovedImageDocument> ApproveAsync(string image, string? comment, CancellationToken cancellation) => server.PostAsync<ApprovedImageDocument>($"{Of(image)}/approve", new WhyBody(comment), cancellation, s_large);

    public Task<RevokedImageDocument> RevokeAsync(string image, string why, CancellationToken cancellation) => server.PostAsync<RevokedImageDocument>($"{Of(image)}/revoke", new WhyBody(why), cancellation);

    public async Task<AddedImageDocument> AddAsync(IncomingImage incoming, CancellationToken cancellation)
    {
        await CatalogueWriter.CheckAsync(incoming.Directory, incoming.Scans, cancellation);
        var aside = Directory.CreateTempSubdirectory("refresh-send-").FullName;
        try
        {
            var archive = Path.Combine(aside, "image.tar");
            await new ImageArchive(archive).WriteAsync(incoming.Directory, cancellation);
            return await server.SendFilesAsync<AddedImageDocument>(
                Place,
                [(ImageUpload.Image, archive), .. incoming.Scans.Select(scan => (ImageUpload.Scan, scan))],
                [(ImageUpload.From, incoming.Told), ("why", incoming.Comment)],
                s_large,
                cancellation);
        }
        finally
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    public async Task<ScannedImageDocument> ScanAsync(string image, string report, CancellationToken cancellation)
    {
        if (!File.Exists(report))
            throw new AdapterException(new Reason("scan-unreadable", $"There is no file {report}", "name one that is there; nothing was changed"));
        return await server.SendFilesAsync<ScannedImageDocument>($"{Of(image)}/scans", [(ScanUpload.Report, report)], [], s_large, cancellation);
    }

    private string Of(string image) => $"{Place}/{Uri.EscapeDataString(image)}";
}
