using Refresh.Orchestrator.FleetFiles.Reading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using ScalarEvent = YamlDotNet.Core.Events.Scalar;

namespace Refresh.Orchestrator.FleetFiles.Yaml;

/// <summary>
/// Reads one YAML document into values that know their position. What makes YAML dangerous or ambiguous is refused:
/// anchors and aliases (also merge keys), tags, several documents, control characters, deep nesting.
/// </summary>
internal sealed class YamlDocument
{
    private const int MaxDepth = 32;

    private readonly Scanner scanner;
    private readonly Parser parser;
    private readonly MistakeList mistakes;
    private readonly Stack<ParsingEvent> open = new();

    private YamlDocument(string text, MistakeList mistakes)
    {
        scanner = new Scanner(new StringReader(text), skipComments: true);
        parser = new Parser(scanner);
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

        var document = new YamlDocument(text, mistakes);
        try
        {
            return document.ReadRoot();
        }
        catch (YamlException problem)
        {
            document.Explain(problem, text);
            return null;
        }
    }

    private void Explain(YamlException problem, string text)
    {
        if (YamlCharacters.FirstTabInIndentation(text) is { } tab)
            mistakes.Add(tab, string.Empty, "a tab cannot stand here", "indent with spaces");
        else
            mistakes.Add(At(problem.Start), string.Empty, $"this cannot be read as YAML: {problem.Message.TrimEnd('.')}", Unclosed());
    }

    /// <summary>The bracket or brace that was open when the reading failed: the likely cause of an error far behind it.</summary>
    private string? Unclosed() => open.TryPeek(out var last) && last is SequenceStart { Style: SequenceStyle.Flow } or MappingStart { Style: MappingStyle.Flow }
        ? $"is the '{(last is SequenceStart ? '[' : '{')}' at {last!.Start.Line}:{last.Start.Column} closed?"
        : null;

    private YamlValue? ReadRoot()
    {
        Advance();
        if (Advance() is StreamEnd)
        {
            mistakes.Add(new Position(1, 1), string.Empty, "the fleet file is empty", "'refresh init' writes one to begin with");
            return null;
        }

        Advance();
        var root = ReadValue(string.Empty);
        Advance();
        if (Advance() is DocumentStart second)
            mistakes.Add(At(second.Start), string.Empty, "a second document begins here", "write one fleet to a file");
        return root;
    }

    /// <summary>The next event. For some damaged texts the parser throws what is meant for wrong use of it.</summary>
    private ParsingEvent Advance()
    {
        try
        {
            return parser.MoveNext() ? parser.Current! : throw new InvalidOperationException();
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException)
        {
            throw Missing(scanner.CurrentPosition);
        }
    }

    private static YamlException Missing(in Mark place) => new(place, place, "something is missing before this place");

    /// <summary>Reads the value whose first event is the current one, up to its last event.</summary>
    private YamlValue ReadValue(string path)
    {
        if (parser.Current is AnchorAlias alias)
        {
            mistakes.Add(At(alias.Start), path, "an alias ('*') is not allowed in a fleet file", "write the value out");
            return new YamlRefused(At(alias.Start));
        }

        if (parser.Current is not NodeEvent begin)
            throw Missing(parser.Current!.Start);
        var refused = RefuseDecoration(begin, path);
        // The parser gives the mapping in [a: b], which has no braces, no place: it is where its first key is.
        var hasPlace = !open.TryPeek(out var outer) || begin.Start.Index >= outer.Start.Index;
        open.Push(hasPlace ? begin : outer!);
        if (open.Count > MaxDepth)
            throw new YamlException(begin.Start, begin.End, $"nested deeper than {MaxDepth} levels");
        YamlValue value = begin switch
        {
            MappingStart => ReadMapping(hasPlace ? At(begin.Start) : null, path),
            SequenceStart => ReadSequence(At(begin.Start), path),
            _ => new YamlScalar(At(begin.Start), ((ScalarEvent)begin).Value, ((ScalarEvent)begin).Style == ScalarStyle.Plain),
        };
        open.Pop();
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

    private YamlMapping ReadMapping(Position? at, string path)
    {
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        while (Advance() is not MappingEnd)
        {
            var key = ReadValue(path);
            at ??= key.At;
            Advance();
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

        return new YamlMapping(at ?? At(parser.Current!.Start), entries);
    }

    private YamlSequence ReadSequence(Position at, string path)
    {
        var items = new List<YamlValue>();
        while (Advance() is not SequenceEnd)
            items.Add(ReadValue(Field.PathOf(path, items.Count)));
        return new YamlSequence(at, items);
    }

    private static Position At(in Mark mark) => new(Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));
}
