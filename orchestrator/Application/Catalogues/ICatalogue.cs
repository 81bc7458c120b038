using Refresh.Orchestrator.Documents;

namespace Refresh.Orchestrator.Application.Catalogues;

/// <summary>A catalogue of golden images and what people do with it, on this machine or at a worker elsewhere. An image is named <c>name@version</c>, or <c>name</c> for its newest build.</summary>
internal interface ICatalogue
{
    /// <summary>Every image with what its gates say and where it runs.</summary>
    /// <exception cref="Workflows.Ports.AdapterException">The catalogue cannot be read.</exception>
    Task<IReadOnlyList<ImageDocument>> ListAsync(CancellationToken cancellation);

    /// <summary>All that is known of an image.</summary>
    /// <exception cref="Workflows.Ports.AdapterException">There is no such image.</exception>
    Task<ImageDocument> ShowAsync(string image, CancellationToken cancellation);

    /// <summary>Reads everything of an image again.</summary>
    /// <exception cref="Workflows.Ports.AdapterException">There is no such image, or its content is not what its digest says.</exception>
    Task<VerifiedImageDocument> VerifyAsync(string image, CancellationToken cancellation);

    /// <summary>Compares two images.</summary>
    /// <exception cref="Workflows.Ports.AdapterException">There is no such image, or what is compared cannot be read.</exception>
    Task<ImageDiffDocument> DiffAsync(string from, string to, CancellationToken cancellation);

    /// <summary>Puts an image into the catalogue, with its scan reports: all of it or nothing.</summary>
    /// <exception cref="Workflows.Ports.AdapterException">It cannot be used; nothing was changed.</exception>
    Task<AddedImageDocument> AddAsync(IncomingImage incoming, CancellationToken cancellation);

    /// <summary>Approves an image as it is.</summary>
    /// <exception cref="Workflows.Ports.AdapterException">It is not what its digest says, or the policy names others who approve.</exception>
    Task<ApprovedImageDocument> ApproveAsync(string image, string? comment, CancellationToken cancellation);

    /// <summary>Revokes an image for good.</summary>
    /// <exception cref="Workflows.Ports.AdapterException">There is no such image, or the policy names others who revoke.</exception>
    Task<RevokedImageDocument> RevokeAsync(string image, string why, CancellationToken cancellation);

    /// <summary>Takes in a scan report.</summary>
    /// <exception cref="Workflows.Ports.AdapterException">There is no such image, or it is no report; nothing was changed.</exception>
    Task<ScannedImageDocument> ScanAsync(string image, string report, CancellationToken cancellation);
}

/// <summary>An image that is to be put into a catalogue.</summary>
/// <param name="Directory">Where it is, on this machine.</param>
/// <param name="Told">Where it comes from, for the log.</param>
/// <param name="Scans">Files with scan reports of it.</param>
/// <param name="Comment">Why; may be null.</param>
internal sealed record IncomingImage(string Directory, string Told, IReadOnlyList<string> Scans, string? Comment)
{
    /// <summary>No other image was ever sent with the same <see cref="Told"/>: one that the log has with it is this one.</summary>
    public bool Once { get; init; }
}
