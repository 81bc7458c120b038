using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>The fleet files of a directory. A file that becomes bad keeps its last good content, and says so.</summary>
internal sealed partial class FleetDirectory(ServeSettings settings, TimeProvider clock, ILogger<FleetDirectory> logger)
{
    private readonly Dictionary<string, FleetSource> _files = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, FleetSource> _fleets = new Dictionary<string, FleetSource>();
    private volatile IReadOnlyList<FleetSource> _bad = [];
    private IReadOnlyList<string> _second = [];
    private volatile bool _anew;

    /// <summary>The fleets by name, each as it was good last.</summary>
    public IReadOnlyDictionary<string, FleetSource> Fleets => _fleets;

    /// <summary>Files with mistakes, those that have never been good included.</summary>
    public IReadOnlyList<FleetSource> Bad => _bad;

    /// <summary>Reads the files that have changed since the last look.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var paths = Paths();
        var anew = _anew;
        _anew = false;
        foreach (var gone in _files.Keys.Except(paths).ToList())
            _files.Remove(gone);
        foreach (var path in paths)
        {
            var stamp = Stamp(path);
            if (_files.GetValueOrDefault(path) is { } known && known.Stamp == stamp && !anew)
                continue;
            _files[path] = await ReadAsync(path, stamp, cancellation);
        }

        Publish();
    }

    /// <summary>Reads every file anew at the next look.</summary>
    public void ReadAnew() => _anew = true;

    private List<string> Paths()
    {
        try
        {
            return [.. Directory.EnumerateFiles(settings.Fleets).Where(path => Path.GetExtension(path) is ".yaml" or ".yml").Order(StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(settings.Fleets, unreadable.Message);
            return [.. _files.Keys];
        }
    }

    private static string Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? FormattableString.Invariant($"{file.ResolveLinkTarget(true)?.FullName} {file.LastWriteTimeUtc.Ticks} {file.Length}") : "gone";
    }

    private async Task<FleetSource> ReadAsync(string path, string stamp, CancellationToken cancellation)
    {
        var read = await FleetFile.ReadAsync(path, cancellation);
        var before = _files.GetValueOrDefault(path);
        if (read.Definition is { } definition)
        {
            LogRead(definition.Fleet.Name, path);
            return new FleetSource(path, stamp, definition, [], clock.GetUtcNow());
        }

        var mistakes = read.Lines().ToList();
        LogBad(path, before?.Definition is null ? "it has never been good and is not served" : "its last good content is kept", string.Join("; ", mistakes));
        return new FleetSource(path, stamp, before?.Definition, mistakes, before?.LoadedAt ?? clock.GetUtcNow());
    }

    private void Publish()
    {
        var fleets = new Dictionary<string, FleetSource>(StringComparer.Ordinal);
        var bad = _files.Values.Where(source => source.Mistakes.Count > 0).ToList();
        var second = new List<string>();
        foreach (var source in _files.Values.Where(source => source.Definition is not null).OrderBy(Rank).ThenBy(source => source.File, StringComparer.Ordinal))
        {
            var name = source.Definition!.Fleet.Name;
            if (fleets.TryAdd(name, source))
                continue;
            var mistake = $"{source.File}: fleet {name} is described by {fleets[name].File} already; this file is not used";
            fleets[name] = fleets[name] with { Mistakes = [.. fleets[name].Mistakes, mistake] };
            bad.Remove(source);
            bad.Add(source with { Mistakes = [.. source.Mistakes, mistake] });
            second.Add(mistake);
        }

        foreach (var mistake in second.Except(_second))
            LogSecond(mistake);
        (_fleets, _bad, _second) = (fleets, [.. bad.OrderBy(source => source.File, StringComparer.Ordinal)], second);
    }

    /// <summary>Of several files of one fleet, the one that it is served from stays; at a start, it is the one named like the fleet.</summary>
    private int Rank(FleetSource source)
    {
        var name = source.Definition!.Fleet.Name;
        return _fleets.GetValueOrDefault(name)?.File == source.File ? 0 : Path.GetFileNameWithoutExtension(source.File) == name ? 1 : 2;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Fleet {Fleet} is read from {File}")]
    private partial void LogRead(string fleet, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Fleet file {File} has mistakes, and {Kept}: {Mistakes}")]
    private partial void LogBad(string file, string kept, string mistakes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Mistake}")]
    private partial void LogSecond(string mistake);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The fleet files in {Directory} cannot be listed, and what was read is kept: {Why}")]
    private partial void LogUnreadable(string directory, string why);
}

/// <summary>A fleet file as it was read.</summary>
/// <param name="File">The file.</param>
/// <param name="Stamp">What tells that it has changed.</param>
/// <param name="Definition">What it said when it was good last; null when it never was.</param>
/// <param name="Mistakes">What is wrong with it now.</param>
/// <param name="LoadedAt">When <paramref name="Definition"/> was read.</param>
internal sealed record FleetSource(string File, string Stamp, FleetDefinition? Definition, IReadOnlyList<string> Mistakes, DateTimeOffset LoadedAt);
