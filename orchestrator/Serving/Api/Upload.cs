using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Refresh.Orchestrator.Images.Sources;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>A body of <c>multipart/form-data</c>: files, which are kept in a directory of their own while this lives and never in memory, and short texts.</summary>
internal sealed class Upload : IDisposable
{
    private const int MostParts = 32;
    private const int LongestText = 4096;
    private const int LongestBoundary = 70;
    private readonly List<(string Name, string File)> _files = [];
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Redaction _redaction;
    private byte[] _digest = [];

    private Upload(string directory, Redaction redaction) => (Directory, _redaction) = (directory, redaction);

    /// <summary>Where it is kept.</summary>
    public string Directory { get; }

    /// <summary>SHA-256 over the names and contents of the parts: the same for the same upload, however its parts are bounded.</summary>
    public ReadOnlySpan<byte> Digest => _digest;

    /// <summary>The text of this name; null when it was not sent, or is empty.</summary>
    public string? Text(string name) => _texts.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    /// <summary>The files of this name, in the order in which they were sent.</summary>
    public IReadOnlyList<string> Files(string name) => [.. _files.Where(file => file.Name == name).Select(file => file.File)];

    /// <summary>The only file of this name.</summary>
    /// <exception cref="Problem">There is not exactly one.</exception>
    public string File(string name) => Files(name) is [var only] ? only : throw Wrong($"it has {Files(name).Count} files named \"{name}\", and needs one");

    /// <summary>Takes in the body of a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="files">The names of files that are taken.</param>
    /// <param name="texts">The names of texts that are taken.</param>
    /// <param name="redaction">Takes secrets out of the texts.</param>
    /// <exception cref="Problem">It is not of this form.</exception>
    /// <exception cref="AdapterException">It cannot be kept.</exception>
    public static async Task<Upload> ReceiveAsync(HttpContext http, IReadOnlyList<string> files, IReadOnlyList<string> texts, Redaction redaction)
    {
        var boundary = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value
            : throw Problem.Of(ProblemCode.NotMultipart, $"The body is {Problem.Shown(http.Request.ContentType ?? "of no stated type")}, and must be multipart/form-data.");
        if (boundary is not { Length: > 0 and <= LongestBoundary })
            throw Wrong("its boundary is missing or longer than 70 characters");
        var upload = new Upload(System.IO.Directory.CreateTempSubdirectory("refresh-upload-").FullName, redaction);
        try
        {
            await upload.ReadAsync(new MultipartReader(boundary, http.Request.Body), files, texts, http.RequestAborted);
            return upload;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException)
        {
            upload.Dispose();
            throw Wrong(broken.Message.TrimEnd('.'));
        }
        catch
        {
            upload.Dispose();
            throw;
        }
    }

    /// <summary>Does something with what was sent; where it failed is told without the directory, which says nothing to who sent it.</summary>
    public async Task<T> ToldAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (AdapterException failure) when (failure.Reason.Text.Contains(Directory, StringComparison.Ordinal))
        {
            throw new AdapterException(failure.Reason with { Text = failure.Reason.Text.Replace(Path.Combine(Directory, ImageArchive.Unpacked), "what was sent", StringComparison.Ordinal).Replace(Directory, "what was sent", StringComparison.Ordinal) }, failure);
        }
    }

    public void Dispose()
    {
        _hash.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private async Task ReadAsync(MultipartReader reader, IReadOnlyList<string> files, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        for (var parts = 1; await reader.ReadNextSectionAsync(cancellation) is { } section; parts++)
        {
            var name = section.GetContentDispositionHeader() is { } header ? HeaderUtilities.RemoveQuotes(header.Name).Value : null;
            if (parts > MostParts)
                throw Wrong($"it has more than {MostParts} parts");
            if (name is not null && files.Contains(name, StringComparer.Ordinal))
                await KeepAsync(name, section.Body, cancellation);
            else if (name is not null && texts.Contains(name, StringComparer.Ordinal))
                await ReadAsync(name, section.Body, cancellation);
            else
                throw Wrong($"it has a part named {Problem.Shown(name ?? "nothing")}; there may be {string.Join(", ", files.Concat(texts))}");
        }

        _digest = _hash.GetHashAndReset();
    }

    private async Task KeepAsync(string name, Stream body, CancellationToken cancellation)
    {
        var file = Path.Combine(Directory, FormattableString.Invariant($"part-{_files.Count}"));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var kept = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
        {
            var buffer = new byte[128 * 1024];
            while (await body.ReadAsync(buffer, cancellation) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                await WriteAsync(kept, buffer.AsMemory(0, count), cancellation);
            }
        }

        _files.Add((name, file));
        Append(name, hash.GetHashAndReset());
    }

    private static async Task WriteAsync(FileStream kept, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await kept.WriteAsync(bytes, cancellation);
        }
        catch (IOException full)
        {
            throw new AdapterException(new Reason("upload-not-kept", $"What is sent cannot be kept: {full.Message}", "there is room for it where the worker runs; nothing was changed"), full);
        }
    }

    private async Task ReadAsync(string name, Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[LongestText + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        if (length > LongestText)
            throw Wrong($"\"{name}\" has more than {LongestText} bytes");
        Append(name, SHA256.HashData(bytes.AsSpan(0, length)));
        if (!_texts.TryAdd(name, _redaction.Clean(Utf8(name, bytes.AsSpan(0, length)))))
            throw Wrong($"\"{name}\" is there twice");
    }

    private static string Utf8(string name, ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes).Trim() : throw Wrong($"\"{name}\" is not UTF-8");

    private void Append(string name, byte[] digest)
    {
        _hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n"));
        _hash.AppendData(digest);
    }

    private static Problem Wrong(string what) => Problem.Of(ProblemCode.InvalidRequest, $"What was sent cannot be taken: {what}.");
}
