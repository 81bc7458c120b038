namespace Refresh.Orchestrator.FleetFiles.Yaml;

/// <summary>A place in the text; both count from 1.</summary>
internal readonly record struct Position(int Line, int Column);

/// <summary>A value of the document and where it begins.</summary>
internal abstract record YamlValue(Position At);

/// <summary>A scalar, as written. Only a plain one, without quotes, can be a number, a truth value or nothing.</summary>
internal sealed record YamlScalar(Position At, string Text, bool Plain) : YamlValue(At);

/// <summary>A sequence.</summary>
internal sealed record YamlSequence(Position At, IReadOnlyList<YamlValue> Items) : YamlValue(At);

/// <summary>A mapping; its keys are distinct.</summary>
internal sealed record YamlMapping(Position At, IReadOnlyDictionary<string, YamlEntry> Entries) : YamlValue(At);

/// <summary>A value that has been complained about already and is passed over.</summary>
internal sealed record YamlRefused(Position At) : YamlValue(At);

/// <summary>A key with its value.</summary>
internal sealed record YamlEntry(string Key, Position At, YamlValue Value);
