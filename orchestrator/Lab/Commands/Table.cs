using System.Text.Json;
using Refresh.Lab.Client;

namespace Refresh.Lab.Commands;

/// <summary>Shows a lab.</summary>
internal static class Table
{
    public static Task WriteAsync(LabFacts facts, bool json, TextWriter output) =>
        output.WriteAsync(json ? JsonSerializer.Serialize(facts, LabJson.Indented.LabFacts) + "\n" : Text(facts));

    private static string Text(LabFacts facts)
    {
        string[][] rows =
        [
            ["VM", "ADDRESS", "POWER", "IMAGE", "HANDLE", "ID", "DETAIL"],
            .. facts.Vms.Select(vm => new[] { vm.Name, $"{vm.Host}:{vm.Port}", JsonNamingPolicy.KebabCaseLower.ConvertName(vm.Power.ToString()), vm.Image ?? "-", vm.Handle ?? "-", vm.Id ?? "-", vm.Detail }),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var lines = rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        string[] head =
        [
            $"lab        {facts.Api} (process {facts.Pid}, {(facts.EndsAt is { } end ? $"until {end:u}" : "until lab down")})",
            $"directory  {facts.Directory}",
            .. facts.Balancers.Select(node => $"{node.Name}  {node.Frontend} (admin socket {node.Socket}, {node.State})"),
            string.Empty,
        ];
        return string.Join('\n', head.Concat(lines)) + "\n";
    }
}
