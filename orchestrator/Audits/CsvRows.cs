using System.Text;

namespace Refresh.Orchestrator.Audits;

/// <summary>A row of a CSV file.</summary>
/// <param name="Line">The line it begins in, from 1.</param>
/// <param name="Cells">Its cells.</param>
internal sealed record CsvRow(int Line, IReadOnlyList<string> Cells);

/// <summary>Reads CSV as RFC 4180 has it: commas, quotes, quotes doubled inside quotes; empty lines do not count.</summary>
internal static class CsvRows
{
    /// <exception cref="FormatException">A quote is not closed, or stands in the middle of a cell.</exception>
    public static IEnumerable<CsvRow> Read(string text)
    {
        var (cells, cell, line, first, quoted) = (new List<string>(), new StringBuilder(), 1, 1, false);
        for (var i = 0; i <= text.Length; i++)
        {
            var each = i < text.Length ? text[i] : '\n';
            if (quoted && i == text.Length)
                throw new FormatException(FormattableString.Invariant($"a quote in the row of line {first} is not closed"));
            if (each == '\n')
                line++;
            if (quoted)
            {
                if (each != '"')
                    cell.Append(each);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    cell.Append(text[i++]);
                else
                    quoted = false;
            }
            else if (each == '"')
            {
                quoted = cell.Length == 0 ? true : throw new FormatException(FormattableString.Invariant($"line {line}: a quote stands in the middle of a cell"));
            }
            else if (each is ',' or '\n')
            {
                cells.Add(cell.ToString().TrimEnd('\r'));
                cell.Clear();
                if (each == ',')
                    continue;
                if (cells is not [""])
                    yield return new CsvRow(first, cells);
                (cells, first) = ([], line);
            }
            else
            {
                cell.Append(each);
            }
        }
    }
}
