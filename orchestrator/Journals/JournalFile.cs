using Microsoft.Data.Sqlite;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>The file of a journal: private to its user, and there either whole or not at all.</summary>
internal static class JournalFile
{
    private static readonly string[] NetworkFileSystems = ["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ceph", "lustre"];

    /// <summary>Makes an empty journal unless there is one.</summary>
    /// <param name="path">Where.</param>
    /// <param name="now">The time to note in it.</param>
    /// <exception cref="JournalException">It cannot be made, or its file is missing while its log is there.</exception>
    public static void Ensure(string path, DateTimeOffset now)
    {
        try
        {
            var directory = Path.GetDirectoryName(path)!;
            MakeDirectory(directory);
            RefuseNetwork(directory, path);
            if (File.Exists(path))
                RefuseEmpty(path);
            else
                Make(path, now);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalFault.Unavailable, $"The journal {path} cannot be made or opened: {error.Message} Nothing was written. The directory must be writable for the user that Refresh runs as, and have space.", error);
        }
        catch (SqliteException error)
        {
            throw JournalFaults.From(error, path)!;
        }
    }

    /// <summary>Refuses a journal of which only the log is left. Call it when there is no file.</summary>
    /// <param name="path">Where the file would be.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.Damaged"/>.</exception>
    public static void RefuseLost(string path)
    {
        if (File.Exists(path + "-wal"))
            throw JournalFaults.Damaged(path, "its file is missing, and its log (-wal) is there");
    }

    /// <summary>A copy of a journal as it is now, its log included, for who must not change it.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="copy">The file to make.</param>
    /// <exception cref="JournalException">The journal cannot be read, or the copy cannot be written.</exception>
    public static void Copy(string path, string copy)
    {
        try
        {
            using var from = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
            using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString());
            from.Open();
            to.Open();
            from.BackupDatabase(to);
        }
        catch (SqliteException error)
        {
            throw JournalFaults.From(error, path)!;
        }
    }

    private static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void RefuseNetwork(string directory, string path)
    {
        var format = new DriveInfo(directory).DriveFormat;
        if (NetworkFileSystems.Contains(format, StringComparer.OrdinalIgnoreCase))
            throw new JournalException(JournalFault.Unavailable, $"The journal {path} is on a network file system ({format}), where SQLite's locks and shared memory do not hold. Nothing was written. Put it on a local disk.");
    }

    /// <summary>Refuses a file of nothing.</summary>
    /// <param name="path">The file, which is there.</param>
    /// <exception cref="JournalException">With <see cref="JournalFault.Damaged"/>.</exception>
    public static void RefuseEmpty(string path)
    {
        if (new FileInfo(path).Length == 0)
            throw JournalFaults.Damaged(path, "the file is empty, and a journal never is");
    }

    // The journal is made under another name and moved, so that no crash and no second process meets a half-made one.
    private static void Make(string path, DateTimeOffset now)
    {
        RefuseLost(path);
        var made = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            Fill(made, path, now);
            File.Move(made, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its journal is as good as ours.
        }
        finally
        {
            File.Delete(made);
        }
    }

    private static void Fill(string made, string path, DateTimeOffset now)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(made, options).Dispose();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = made, Pooling = false, ForeignKeys = true }.ToString());
        connection.Open();
        Durability.Require(connection, path);
        using var transaction = connection.BeginTransaction();
        JournalSchema.Upgrade(connection, now);
        transaction.Commit();
    }
}
