using System.Text;
using System.Text.Unicode;
using Refresh.Orchestrator.Json;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Audits;

/// <summary>A list of machines that a user gives: CSV with a header, or JSON. The columns are name (required), host, id, image and power (on or off).</summary>
/// <param name="path">The file.</param>
public sealed class InventoryFile(string path) : IMachineInventory
{
    private const int MaxBytes = 64 * 1024 * 1024;

    private static readonly string[] s_columns = ["name", "host", "id", "image", "power"];

    /// <inheritdoc />
    public async Task<IReadOnlyList<MachineFacts>> ListAsync(CancellationToken cancellation)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
                throw new FormatException("it is larger than 64 MiB");
            return Parse(await File.ReadAllBytesAsync(path, cancellation), Path.GetFileName(path));
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("inventory-unusable", $"The inventory {path} cannot be used: {exception.Message}", "it has the form that docs/audit.md shows"), exception);
        }
    }

    /// <summary>Reads machines out of a document.</summary>
    /// <param name="document">CSV or JSON in UTF-8.</param>
    /// <param name="source">Who says that there are these machines.</param>
    /// <returns>The machines.</returns>
    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong; with the place.</exception>
    internal static IReadOnlyList<MachineFacts> Parse(ReadOnlyMemory<byte> document, string source)
    {
        var text = document.Span.StartsWith(Encoding.UTF8.Preamble) ? document[Encoding.UTF8.Preamble.Length..] : document;
        return text.Span.TrimStart(" \t\r\n"u8) switch
        {
            [(byte)'[', ..] => Json((byte[])[.. "{\"machines\":"u8, .. text.Span, (byte)'}'], source),
            [(byte)'{', ..] => Json(text, source),
            _ => Csv(text, source),
        };
    }

    private static IReadOnlyList<MachineFacts> Json(ReadOnlyMemory<byte> document, string source) => JsonFields.Read(
        document,
        fields => fields.Objects("machines", machine => new MachineFacts(
            machine.Text("name"),
            machine.OptionalText("id"),
            machine.OptionalText("host"),
            machine.OptionalText("image"),
            machine.OptionalText("power") is { } power ? Power(power) ?? Fail(machine, power) : null,
            source)));

    private static VmPower? Fail(JsonFields machine, string power)
    {
        machine.FailAt("power", $"is neither 'on' nor 'off': '{power}'");
        return null;
    }

    private static List<MachineFacts> Csv(ReadOnlyMemory<byte> document, string source)
    {
        if (!Utf8.IsValid(document.Span))
            throw new FormatException("it is not UTF-8");
        var rows = CsvRows.Read(Encoding.UTF8.GetString(document.Span)).ToList();
        if (rows is not [{ Cells: var header }, ..] || !header.Contains("name", StringComparer.OrdinalIgnoreCase))
            throw new FormatException($"its first line does not name the columns; write for example {string.Join(',', s_columns)}");
        var places = s_columns.ToDictionary(column => column, column => Array.FindIndex([.. header], name => name.Equals(column, StringComparison.OrdinalIgnoreCase)));
        return [.. rows.Skip(1).Select(row => Machine(row, header.Count, places, source))];
    }

    private static MachineFacts Machine(CsvRow row, int columns, Dictionary<string, int> places, string source)
    {
        if (row.Cells.Count != columns)
            throw new FormatException(FormattableString.Invariant($"line {row.Line} has {row.Cells.Count} cells, and its header {columns}"));
        string? Cell(string column) => places[column] is >= 0 and var place && row.Cells[place].Trim() is { Length: > 0 } text ? text : null;
        var power = Cell("power");
        if (power is not null && Power(power) is null)
            throw new FormatException(FormattableString.Invariant($"line {row.Line}: power is neither 'on' nor 'off'"));
        return new MachineFacts(
            Cell("name") ?? throw new FormatException(FormattableString.Invariant($"line {row.Line} has no name")),
            Cell("id"),
            Cell("host"),
            Cell("image"),
            power is null ? null : Power(power),
            source);
    }

    private static VmPower? Power(string text) => text.ToUpperInvariant() switch
    {
        "ON" or "POWEREDON" or "RUNNING" => VmPower.On,
        "OFF" or "POWEREDOFF" or "STOPPED" => VmPower.Off,
        _ => null,
    };
}
