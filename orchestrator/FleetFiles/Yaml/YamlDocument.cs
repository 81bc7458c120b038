using Refresh.Orchestrator.FleetFiles.Reading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Refresh.Orchestrator.FleetFiles.Yaml;

/// <summary>
/// Reads one YAML document into values that know their position. What makes YAML dangerous or ambiguous is refused:
/// anchors and aliases (also merge keys), tags, several documents, control characters, deep nesting.
/// </summary>
internal sealed class YamlDocument
{
    private const int MaxDepth = 32;

    private readonly Parser parser;
    private readonly MistakeList mistakes;
    private int depth;

    private YamlDocument(string text, MistakeList mistakes)
    {
        parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        this.mistakes = mistakes;
    }

    /// <summary>The document's root; null when the text is no document, which is then among the mistakes.</summary>
    public static YamlValue? Read(string text, MistakeList mistakes)
    {
        if (text.StartsWith('\uFEFF'))
            text = text[1..];
        if (YamlCharacters.FirstForbidden(text) is { } forbidden)
        {
            mistakes.Add(forbidden.At, string.Empty, forbidden.Message, forbidden.Hint);
            return null;
        }

        try
        {
            return new YamlDocument(text, mistakes).ReadRoot();
        }
        catch (YamlException problem)
        {
            var at = At(problem.Start);
            if (YamlCharacters.IsTab(text, at))
                mistakes.Add(at, string.Empty, "a tab cannot stand here", "indent with spaces");
            else
                mistakes.Add(at, string.Empty, $"this cannot be read as YAML: {problem.Message.TrimEnd('.')}");
            return null;
        }
    }

    private YamlValue? ReadRoot()
    {
        Next<StreamStart>();
        if (parser.MoveNext() && parser.Current is StreamEnd)
        {
            mistakes.Add(new Position(1, 1), string.Empty, "the fleet file is empty", "'refresh init' writes one to begin with");
            return null;
        }

        parser.MoveNext();
        var root = ReadValue(string.Empty);
        Next<DocumentEnd>();
        parser.MoveNext();
        if (parser.Current is DocumentStart second)
            mistakes.Add(At(second.Start), string.Empty, "a second document begins here", "write one fleet to a file");
        return root;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (!parser.MoveNext() || parser.Current is not T)
            throw new YamlException(parser.Current?.Start ?? Mark.Empty, parser.Current?.End ?? Mark.Empty, "the text ends too early");
    }

    /// <summary>Reads the value whose first event is the current one, up to its last event.</summary>
    private YamlValue ReadValue(string path)
    {
        var begin = parser.Current!;
        if (begin is AnchorAlias)
        {
            mistakes.Add(At(begin.Start), path, "an alias ('*') is not allowed in a fleet file", "write the value out");
            return new YamlRefused(At(begin.Start));
        }

        var refused = RefuseDecoration((NodeEvent)begin, path);
        if (++depth > MaxDepth)
            throw new YamlException(begin.Start, begin.End, $"nested deeper than {MaxDepth} levels");
        YamlValue value = begin switch
        {
            MappingStart => ReadMapping(At(begin.Start), path),
            SequenceStart => ReadSequence(At(begin.Start), path),
            _ => new YamlScalar(At(begin.Start), ((Scalar)begin).Value, ((Scalar)begin).Style == ScalarStyle.Plain),
        };
        depth--;
        return refused ? new YamlRefused(value.At) : value;
    }

    private bool RefuseDecoration(NodeEvent node, string path)
    {
        if (!node.Anchor.IsEmpty)
            mistakes.Add(At(node.Start), path, "an anchor ('&') is not allowed in a fleet file", "write the value out where it is needed");
        if (!node.Tag.IsEmpty)
            mistakes.Add(At(node.Start), path, "a tag ('!') is not allowed in a fleet file", "leave it out");
        return !node.Tag.IsEmpty;
    }

    private YamlMapping ReadMapping(Position at, string path)
    {
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        while (parser.MoveNext() && parser.Current is not MappingEnd)
        {
            var key = ReadValue(path);
            parser.MoveNext();
            var name = (key as YamlScalar)?.Text;
            var value = ReadValue(name is null ? path : Field.PathOf(path, name));
            if (name is null)
            {
                if (key is not YamlRefused)
                    mistakes.Add(key.At, path, "a key must be a single word");
            }
            else if (name == "<<")
            {
                mistakes.Add(key.At, path, "a merge key ('<<') is not allowed in a fleet file", "write the keys out");
            }
            else if (!entries.TryAdd(name, new YamlEntry(name, key.At, value)))
            {
                mistakes.Add(key.At, path, $"{Shown.Quoted(name)} is already given on line {entries[name].At.Line}", "keep one of the two");
            }
        }

        return new YamlMapping(at, entries);
    }

    private YamlSequence ReadSequence(Position at, string path)
    {
        var items = new List<YamlValue>();
        while (parser.MoveNext() && parser.Current is not SequenceEnd)
            items.Add(ReadValue(Field.PathOf(path, items.Count)));
        return new YamlSequence(at, items);
    }

    private static Position At(in Mark mark) => new(Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));
}
