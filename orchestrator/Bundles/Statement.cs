using System.Text.Json;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Bundles;

/// <summary>What an evidence bundle states: claims about a run, the entries that they follow from, and the report as a page.</summary>
/// <param name="Tool">The version of Refresh that made it.</param>
/// <param name="MadeAt">When.</param>
/// <param name="MadeBy">Who.</param>
/// <param name="Claims">The claims, as they are written.</param>
/// <param name="Entries">The entries with their hashes, as the journal has them.</param>
/// <param name="LastHash">The hash that the chain ends with.</param>
/// <param name="Page">The report as HTML.</param>
internal sealed record Statement(string Tool, DateTimeOffset MadeAt, string MadeBy, JsonElement Claims, IReadOnlyList<StoredEntry> Entries, string LastHash, string Page)
{
    public const string Format = "refresh-evidence/1";

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 128 };

    public static string ThisTool { get; } = typeof(Statement).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Claims as they are written.</summary>
    public static JsonElement Write(Claims claims) => JsonSerializer.SerializeToElement(claims, JournalFormat.Options);

    /// <summary>Whether the claim at a path must be made: every one by this version, and by another each that the form has had from the start.</summary>
    public bool MustClaim(string path) => Tool == ThisTool || path.LastIndexOf('/') == 0;

    /// <summary>The journal's entries in their form for the core.</summary>
    /// <exception cref="JournalException">An event is none that this version reads.</exception>
    public IReadOnlyList<JournalEntry> Journal() => [.. Entries.Select(entry => EventFormat.Standard.Entry(entry.Text, "in the bundle"))];

    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("tool", Tool);
            json.WriteString("madeAt", MadeAt);
            json.WriteString("madeBy", MadeBy);
            json.WritePropertyName("claims");
            Claims.WriteTo(json);
            json.WriteString("lastHash", LastHash);
            json.WriteStartArray("entries");
            foreach (var entry in Entries)
                json.WriteRawValue(EventFormat.Export(entry));
            json.WriteEndArray();
            json.WriteString("page", Page);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <exception cref="FormatException">It is damaged, of another form, or fields are missing or wrong.</exception>
    public static Statement Read(byte[] document)
    {
        try
        {
            using var parsed = JsonDocument.Parse(document, s_strict);
            var root = parsed.RootElement;
            if (root.Text("format") is var format && format != Format)
                throw new FormatException($"it has the form '{format}', and this version of Refresh reads '{Format}'");
            if (!root.Field("madeAt", JsonValueKind.String).TryGetDateTimeOffset(out var at))
                throw new FormatException("its madeAt is no instant");
            return new Statement(
                root.Text("tool"),
                at,
                root.Text("madeBy"),
                root.Field("claims", JsonValueKind.Object).Clone(),
                [.. root.Field("entries", JsonValueKind.Array).EnumerateArray().Select(Entry)],
                root.Text("lastHash"),
                root.Text("page"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException($"its statement is no whole JSON document: {exception.Message}", exception);
        }
    }

    private static StoredEntry Entry(JsonElement entry) => new(
        new Journals.EntryText(entry.Text("run"), Number(entry, "sequence"), entry.Text("at"), Number(entry, "epoch"), entry.Field("event", JsonValueKind.Object).GetRawText()),
        entry.Text("hash"));

    private static long Number(JsonElement element, string name) =>
        element.Field(name, JsonValueKind.Number).TryGetInt64(out var number) ? number : throw new FormatException($"its {name} is no whole number");
}
