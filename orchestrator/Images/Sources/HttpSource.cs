using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Refresh.Orchestrator.Images.Sources;

/// <summary>An archive behind a URL, which must be what its digest says before anything in it is looked at.</summary>
internal static class HttpSource
{
    private const long MaxBytes = 64L * 1024 * 1024 * 1024;
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(60);

    /// <summary>Fetches and unpacks it.</summary>
    /// <returns>The directory that it is unpacked in.</returns>
    /// <exception cref="FormatException">No digest is given, or it is another.</exception>
    /// <exception cref="HttpRequestException">The server does not give it.</exception>
    public static async Task<string> FetchAsync(ImageSource source, string aside, CancellationToken cancellation)
    {
        if (source.Digest is null || !Manifest.DigestForm.IsMatch(source.Digest))
            throw new FormatException("what is fetched must have a digest: --digest sha256: and 64 lower-case hexadecimal digits");
        if (new Uri(source.Place).UserInfo.Length > 0)
            throw new FormatException("a URL with a password in it is not taken");
        var archive = Path.Combine(aside, "archive");
        var digest = await DownloadAsync(source.Place, archive, cancellation);
        if (digest != source.Digest)
            throw new FormatException($"its digest is {digest}, and must be {source.Digest}");
        var content = Path.Combine(aside, "content");
        Directory.CreateDirectory(content);
        await Archives.ExtractAsync(archive, content, cancellation);
        File.Delete(archive);
        return content;
    }

    private static async Task<string> DownloadAsync(string url, string file, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = s_silence }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("refresh", null));
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            silence.CancelAfter(s_silence);
            using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            if (!response.IsSuccessStatusCode)
                throw new HttpRequestException($"the server answers {(int)response.StatusCode}");
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
            await using var written = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            var buffer = new byte[128 * 1024];
            while (await body.ReadAsync(buffer, silence.Token) is > 0 and var count)
            {
                silence.CancelAfter(s_silence);
                hash.AppendData(buffer, 0, count);
                await written.WriteAsync(buffer.AsMemory(0, count), cancellation);
                if (written.Length > MaxBytes)
                    throw new HttpRequestException("it is larger than 64 GiB");
            }

            return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"the server says nothing for {s_silence.TotalSeconds:0} s");
        }
    }
}
