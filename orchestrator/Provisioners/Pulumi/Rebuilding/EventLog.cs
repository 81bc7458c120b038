using Refresh.Orchestrator.Provisioners.Pulumi.Documents;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;

/// <summary>Follows an event log while it is written.</summary>
internal sealed class EventLog(string path) : IDisposable
{
    private FileStream? _file;
    private byte[] _rest = [];

    /// <summary>The events since the last call. A line that is not complete yet is left for the next; one that is damaged says nothing.</summary>
    public IEnumerable<EngineEvent> News()
    {
        foreach (var line in Lines())
        {
            if (Parse(line) is { } heard)
                yield return heard;
        }
    }

    /// <summary>All events of a log that was kept; none where it is gone.</summary>
    public static IReadOnlyList<EngineEvent> Whole(string path)
    {
        using var log = new EventLog(path);
        return [.. log.News()];
    }

    public void Dispose() => _file?.Dispose();

    private List<string> Lines()
    {
        if (_file is null && !File.Exists(path))
            return [];
        _file ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var news = new MemoryStream();
        news.Write(_rest);
        _file.CopyTo(news);
        var bytes = news.ToArray();
        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _rest = bytes[end..];
        return [.. System.Text.Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static EngineEvent? Parse(string line)
    {
        try
        {
            return EngineEvent.Parse(line);
        }
        catch (DocumentException)
        {
            return null;
        }
    }
}
