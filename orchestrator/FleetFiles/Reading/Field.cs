using Refresh.Orchestrator.FleetFiles.Yaml;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>
/// A value under a key or in a list. The typed readers are extensions of it: each answers null when there is no value,
/// or when it is not what it should be, which is then among the mistakes.
/// </summary>
/// <param name="Path">Where it is in the document.</param>
/// <param name="Value">What is written there; null for nothing.</param>
/// <param name="Mistakes">Where mistakes go.</param>
internal sealed record Field(string Path, YamlValue? Value, MistakeList Mistakes)
{
    public bool IsGiven => Value is not null;

    public int Line => Value?.At.Line ?? 0;

    public void Fail(string message, string? hint = null)
    {
        if (Value is not (null or YamlRefused))
            Mistakes.Add(Value.At, Path, message, hint);
    }

    public T? Fail<T>(string message, string? hint = null)
    {
        Fail(message, hint);
        return default;
    }

    /// <summary>What is written there, for messages.</summary>
    public string Written => Value switch
    {
        YamlMapping => "a mapping",
        YamlSequence => "a list",
        YamlScalar scalar => Shown.Quoted(scalar.Text),
        _ => "nothing",
    };

    public static string PathOf(string parent, string key) => parent.Length == 0 ? key : $"{parent}.{key}";

    public static string PathOf(string parent, int index) => FormattableString.Invariant($"{parent}[{index}]");
}
