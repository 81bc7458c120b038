using Microsoft.Data.Sqlite;

namespace Refresh.Orchestrator.Journals.Service;

/// <summary>Columns that may be null.</summary>
internal static class Columns
{
    public static string? TextAt(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? InstantAt(this SqliteDataReader row, int column) => row.TextAt(column) is { } text ? Instant.Read(text) : null;

    public static object OrNull(this string? text) => (object?)text ?? DBNull.Value;
}
