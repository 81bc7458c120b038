using System.Text;

namespace Refresh.Orchestrator.Json;

/// <summary>What is wanted of a large JSON document: paths such as <c>components[].name</c>. Everything else is passed over.</summary>
internal sealed class JsonShape
{
    private readonly Dictionary<string, JsonShape> _members = new(StringComparer.Ordinal);

    private JsonShape(string path, byte[] name)
    {
        Path = path;
        Name = name;
    }

    /// <summary>The path, with <c>[]</c> for the items of a list.</summary>
    public string Path { get; }

    /// <summary>Its name in the object that holds it, in UTF-8.</summary>
    public byte[] Name { get; }

    /// <summary>What is wanted of an object; empty when it is not one.</summary>
    public IReadOnlyList<JsonShape> Members { get; private set; } = [];

    /// <summary>What is wanted of each item of a list; null when it is not one.</summary>
    public JsonShape? Item { get; private set; }

    /// <summary>The shape of these paths.</summary>
    public static JsonShape Of(params ReadOnlySpan<string> paths)
    {
        var root = new JsonShape(string.Empty, []);
        foreach (var path in paths)
        {
            var at = root;
            foreach (var step in path.Split('.'))
            {
                at = at.Member(step.EndsWith("[]", StringComparison.Ordinal) ? step[..^2] : step);
                if (step.EndsWith("[]", StringComparison.Ordinal))
                    at = at.Item ??= new JsonShape($"{at.Path}[]", []);
            }
        }

        return root;
    }

    /// <summary>Items of a list may hold a list of the same kind: components of components.</summary>
    public JsonShape Nesting(string list)
    {
        var shape = _members[list];
        shape.Item!.Adopt(list, shape);
        return this;
    }

    private JsonShape Member(string name)
    {
        if (!_members.TryGetValue(name, out var member))
            Adopt(name, member = new JsonShape(Path.Length == 0 ? name : $"{Path}.{name}", Encoding.UTF8.GetBytes(name)));
        return member;
    }

    private void Adopt(string name, JsonShape member)
    {
        _members.Add(name, member);
        Members = [.. _members.Values];
    }
}
