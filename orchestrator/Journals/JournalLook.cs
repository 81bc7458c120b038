using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>A journal that is only looked at: it must be there, and stays as it is. Of an older one a copy is brought up to this version, and deleted in the end.</summary>
internal sealed class JournalLook : IAsyncDisposable
{
    private readonly string? copied;

    private JournalLook(SqliteRunJournal journal, string? copied)
    {
        Journal = journal;
        this.copied = copied;
    }

    /// <summary>The journal.</summary>
    public SqliteRunJournal Journal { get; }

    /// <summary>Opens it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="JournalException">It is damaged or cannot be read, or there is no space for a copy.</exception>
    public static async Task<JournalLook> OpenAsync(string path, TimeProvider clock, CancellationToken cancellation)
    {
        path = Path.GetFullPath(path);
        JournalFile.RefuseEmpty(path);
        if (!await IsOldAsync(path, cancellation))
            return new JournalLook(await SqliteRunJournal.OpenAsync(new JournalDatabase(path), clock, EventFormat.Standard, cancellation), null);
        var folder = Directory.CreateTempSubdirectory("refresh-journal-").FullName;
        try
        {
            var copy = Path.Combine(folder, Path.GetFileName(path));
            await Task.Run(() => JournalFile.Copy(path, copy), cancellation);
            return new JournalLook(await SqliteRunJournal.OpenAsync(new JournalDatabase(path, copy), clock, EventFormat.Standard, cancellation), folder);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        if (copied is not null)
            Directory.Delete(copied, recursive: true);
    }

    private static async Task<bool> IsOldAsync(string path, CancellationToken cancellation)
    {
        await using var database = new JournalDatabase(path);
        return await database.ReadAsync(JournalSchema.IsOld, cancellation);
    }
}
