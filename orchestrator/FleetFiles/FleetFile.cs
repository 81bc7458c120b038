using System.Text;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.FleetFiles.Sections;
using Refresh.Orchestrator.FleetFiles.Yaml;

namespace Refresh.Orchestrator.FleetFiles;

/// <summary>Reads fleet files. A file with a mistake is refused whole, with every mistake at once.</summary>
public static class FleetFile
{
    /// <summary>The largest file that is read: 4 MiB, room for more than 20,000 pairs.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the text of a fleet file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file it came from: for messages, and the place that relative paths in it start from.</param>
    /// <returns>The definition, or every mistake.</returns>
    public static FleetFileResult Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var mistakes = new MistakeList();
        var document = YamlDocument.Read(text, mistakes);
        var definition = document is null ? null : FleetSection.Read(document, Path.GetFullPath(path), mistakes);
        return new FleetFileResult(path, definition, mistakes.InOrder());
    }

    /// <summary>Reads a fleet file.</summary>
    /// <param name="path">The file: UTF-8, at most <see cref="MaxBytes"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The definition, or every mistake; a file that cannot be read is one.</returns>
    public static async Task<FleetFileResult> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var bytes = await ReadBytesAsync(path, cancellationToken);
            return bytes.Length > MaxBytes
                ? Refuse(path, $"is larger than {MaxBytes / 1024 / 1024} MiB", "split the fleet into several")
                : Decode(bytes, path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return Refuse(path, "does not exist", "name another, or write one with 'refresh init'");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return Refuse(path, $"cannot be read: {problem.Message}", null);
        }
    }

    private static FleetFileResult Decode(byte[] bytes, string path)
    {
        try
        {
            return Parse(Utf8.GetString(bytes), path);
        }
        catch (DecoderFallbackException problem)
        {
            var good = Utf8.GetString(bytes, 0, problem.Index);
            var at = (Line: good.Count(c => c == '\n') + 1, Column: good.Length - good.LastIndexOf('\n'));
            return new(path, null, [new FleetFileMistake(at.Line, at.Column, string.Empty, "this is not UTF-8 text", "save the file as UTF-8")]);
        }
    }

    private static FleetFileResult Refuse(string path, string message, string? hint) =>
        new(path, null, [new FleetFileMistake(0, 0, string.Empty, $"the fleet file {message}", hint)]);

    // One byte more than allowed is read, never the whole of an endless file.
    private static async Task<byte[]> ReadBytesAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while (bytes.Length <= MaxBytes && (count = await file.ReadAsync(buffer, cancellationToken)) > 0)
            bytes.Write(buffer, 0, count);
        return bytes.ToArray();
    }
}
