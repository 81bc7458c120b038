namespace Refresh.Orchestrator.Images.Scans;

/// <summary>A rule of a tool.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">Its <c>security-severity</c>; null if it has none.</param>
/// <param name="Level">Its usual level; null if it has none.</param>
internal sealed record SarifRule(string Id, double? Score, string? Level)
{
    public static readonly SarifRule None = new(string.Empty, null, null);
}

/// <summary>A result, as far as it counts.</summary>
/// <param name="Id">The id of its rule; null if it is named by its place only.</param>
/// <param name="Index">The place of its rule among those of its component; null if that is not told.</param>
/// <param name="Extension">The place of the extension that has the rule; null if that is not told.</param>
/// <param name="Names">Name and GUID of that extension, as far as they are told.</param>
/// <param name="Level">Its level; null for that of its rule.</param>
/// <param name="Ignored">It is suppressed, or no failure.</param>
internal sealed record SarifHit(string? Id, int? Index, int? Extension, IReadOnlyList<string> Names, string? Level, bool Ignored)
{
    public static readonly SarifHit None = new(null, null, null, [], null, false);
}

/// <summary>The rules of a run: those of the tool's driver, and those of its extensions, such as plug-ins and packs of queries.</summary>
internal sealed class SarifRules
{
    private readonly List<Component> _extensions = [];
    private Component _driver = new();

    public void BeginExtension() => _extensions.Add(new Component());

    public void NameExtension(string name) => _extensions[^1].Names.Add(name);

    public void AddToDriver(SarifRule rule) => _driver.Add(rule);

    public void AddToExtension(SarifRule rule) => _extensions[^1].Add(rule);

    /// <summary>The rule of a result: by its id in the component that is named, or else in any, the worst first; or else by its place. Null when there is none.</summary>
    public SarifRule? Find(SarifHit hit)
    {
        var component = ComponentOf(hit);
        if (hit.Id is { } id && (component?.Find(id) ?? _extensions.Prepend(_driver).Select(each => each.Find(id)).OfType<SarifRule>().MaxBy(rule => rule.Score ?? -1)) is { } rule)
            return rule;
        return hit.Index is { } index ? component?.At(index) : null;
    }

    public void Clear()
    {
        _driver = new Component();
        _extensions.Clear();
    }

    // What names none is of the driver.
    private Component? ComponentOf(SarifHit hit) => hit switch
    {
        { Extension: { } index } => _extensions.ElementAtOrDefault(index),
        { Names.Count: > 0 } => _extensions.Find(extension => hit.Names.All(name => extension.Names.Contains(name, StringComparer.OrdinalIgnoreCase))) ?? _driver,
        _ => _driver,
    };

    private sealed class Component
    {
        private readonly List<SarifRule> _rules = [];
        private readonly Dictionary<string, SarifRule> _byId = new(StringComparer.Ordinal);

        public List<string> Names { get; } = [];

        public void Add(SarifRule rule)
        {
            _rules.Add(rule);
            _byId.TryAdd(rule.Id, rule);
        }

        public SarifRule? Find(string id) => _byId.GetValueOrDefault(id);

        public SarifRule? At(int index) => _rules.ElementAtOrDefault(index);
    }
}
