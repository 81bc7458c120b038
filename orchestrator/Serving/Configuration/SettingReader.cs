using System.Globalization;
using Microsoft.Extensions.Configuration;
using Refresh.Orchestrator.FleetFiles.Reading;

namespace Refresh.Orchestrator.Serving.Configuration;

/// <summary>Reads a section of the configuration. A key is declared by asking for it; what is left over at the end is unknown. Every mistake is kept, none ends the reading.</summary>
internal sealed class SettingReader(IConfiguration section, string path, List<string> mistakes)
{
    private readonly HashSet<string> _declared = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where this section is, for messages: empty for the root.</summary>
    public string Path => path;

    public string? Text(string key)
    {
        _declared.Add(key);
        if (section.GetSection(key).GetChildren().Any())
            Wrong(key, "is a section, and a value is wanted");
        return section[key] is { Length: > 0 } value ? value : null;
    }

    public TimeSpan Duration(string key, TimeSpan normal, TimeSpan least) => Of(key, normal, text =>
        Durations.Read(text) is not { } duration ? Refuse<TimeSpan>(key, text, "must be a duration, for example 500ms, 2s or 5m")
        : duration < least ? Refuse<TimeSpan>(key, text, $"must be at least {Durations.Text(least)}")
        : duration);

    public int Number(string key, int normal, int least, int most) => Of(key, normal, text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refuse<int>(key, text, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}")));

    public bool Truth(string key) => Of(key, false, text => bool.TryParse(text, out var truth) ? truth : Refuse<bool>(key, text, "must be true or false"));

    /// <summary>A list; one text stands for a list of it.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        _declared.Add(key);
        RefuseSections(key);
        var items = section.GetSection(key).GetChildren().Select(child => child.Value).OfType<string>().ToList();
        return items.Count > 0 ? items : section[key] is { Length: > 0 } one ? [.. one.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)] : [];
    }

    /// <summary>A section whose keys are the user's own, with the value of each.</summary>
    public IReadOnlyDictionary<string, string> Entries(string key)
    {
        _declared.Add(key);
        RefuseValue(key);
        RefuseSections(key);
        return section.GetSection(key).GetChildren().Where(child => child.Value is not null).ToDictionary(child => child.Key, child => child.Value!, StringComparer.Ordinal);
    }

    /// <summary>A section with keys of its own.</summary>
    public T Section<T>(string key, Func<SettingReader, T> read)
    {
        _declared.Add(key);
        RefuseValue(key);
        var reader = new SettingReader(section.GetSection(key), Of(key), mistakes);
        var result = read(reader);
        reader.Close();
        return result;
    }

    /// <summary>A section whose keys are the user's own, each with a section below it.</summary>
    public IReadOnlyDictionary<string, T> Sections<T>(string key, Func<string, SettingReader, T> read)
    {
        _declared.Add(key);
        RefuseValue(key);
        var reader = new SettingReader(section.GetSection(key), Of(key), mistakes);
        return section.GetSection(key).GetChildren().ToDictionary(child => child.Key, child => reader.Section(child.Key, below => read(child.Key, below)), StringComparer.Ordinal);
    }

    /// <inheritdoc cref="Sections{T}(string, Func{string, SettingReader, T})" />
    public IReadOnlyDictionary<string, T> Sections<T>(string key, Func<SettingReader, T> read) => Sections(key, (_, below) => read(below));

    /// <summary>Keys that are not asked for because of another mistake, which alone is told.</summary>
    public void Ignore(params IEnumerable<string> keys) => _declared.UnionWith(keys);

    /// <summary>Tells of a mistake in a value.</summary>
    public void Wrong(string key, string what) => mistakes.Add($"{Of(key)} {what}.");

    /// <summary>Complains about every key that was not asked for.</summary>
    public void Close()
    {
        foreach (var unknown in section.GetChildren().Where(child => !_declared.Contains(child.Key)))
            mistakes.Add($"{Of(unknown.Key)} is no setting; {Suggestion.For(unknown.Key, _declared)}.");
    }

    // What stands there is not told: it may be a secret.
    private void RefuseValue(string key)
    {
        if (section[key] is { Length: > 0 })
            Wrong(key, "is a value, and a section is wanted");
    }

    private void RefuseSections(string key)
    {
        foreach (var child in section.GetSection(key).GetChildren().Where(child => child.GetChildren().Any()))
            Wrong($"{key}.{child.Key}", "is a section, and a value is wanted");
    }

    private T Of<T>(string key, T normal, Func<string, T> read) => Text(key) is { } text ? read(text) : normal;

    private T Refuse<T>(string key, string text, string what)
    {
        Wrong(key, $"is '{Shown.Quoted(text).Trim('\'')}' and {what}");
        return default!;
    }

    private string Of(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
