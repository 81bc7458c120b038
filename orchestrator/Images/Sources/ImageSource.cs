using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Images.Sources;

/// <summary>Where an image is taken from.</summary>
/// <param name="Place">A directory, a git checkout, or the URL of an archive (.tar, .tar.gz, .tgz).</param>
/// <param name="Commit">The commit of a git checkout; null for a plain directory.</param>
/// <param name="Path">The directory in the checkout or archive; null for its root.</param>
/// <param name="Digest">The digest of the archive, <c>sha256:</c> and 64 hexadecimal digits.</param>
internal sealed record ImageSource(string Place, string? Commit, string? Path, string? Digest)
{
    public bool IsUrl => Place.StartsWith("http://", StringComparison.Ordinal) || Place.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Makes it a directory on this machine.</summary>
    /// <exception cref="AdapterException">It cannot be had, or is not what its digest says.</exception>
    public async Task<OpenedSource> OpenAsync(CancellationToken cancellation)
    {
        var aside = Directory.CreateTempSubdirectory("refresh-source-").FullName;
        try
        {
            if (IsUrl)
                return new OpenedSource(Below(await HttpSource.FetchAsync(this, aside, cancellation)), $"{Place} ({Digest})", aside);
            if (Commit is not null)
            {
                var commit = await GitSource.ExportAsync(Place, Commit, Path, aside, cancellation);
                return new OpenedSource(aside, $"git {System.IO.Path.GetFullPath(Place)}@{commit}{(Path is null ? string.Empty : $" {Path}")}", aside);
            }

            var directory = Below(System.IO.Path.GetFullPath(Place));
            return Directory.Exists(directory) ? new OpenedSource(directory, directory, aside) : throw Failed($"there is no directory {directory}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or HttpRequestException or InvalidDataException)
        {
            Directory.Delete(aside, recursive: true);
            throw Failed(exception.Message, exception);
        }
        catch
        {
            Directory.Delete(aside, recursive: true);
            throw;
        }
    }

    private string Below(string directory)
    {
        if (Path is null)
            return directory;
        var below = System.IO.Path.GetFullPath(Path, directory);
        return below.StartsWith(directory + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) ? below : throw Failed($"--path {Path} leads out of {Place}");
    }

    private AdapterException Failed(string why, Exception? inner = null) =>
        new(new Reason("image-source-unusable", $"No image can be taken from {Place}: {why}", "name another place, or put that right; nothing was changed"), inner);
}

/// <summary>An image's directory, for as long as this lives.</summary>
/// <param name="Directory">The directory.</param>
/// <param name="Told">Where it comes from, for the log.</param>
/// <param name="Aside">What is removed afterwards.</param>
internal sealed record OpenedSource(string Directory, string Told, string Aside) : IDisposable
{
    /// <inheritdoc />
    public void Dispose() => System.IO.Directory.Delete(Aside, recursive: true);
}
