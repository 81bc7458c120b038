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

    private static void RefuseEmpty(string path)
    {
        if (new FileInfo(path).Length == 0)
            throw JournalFaults.Damaged(path, "the file is empty, and a journal never is");
    }

    // The journal is made under another name and moved, so that no crash and no second process meets a half-made one.
    private static void Make(string path, DateTimeOffset now)
    {
        if (File.Exists(path + "-wal"))
            throw JournalFaults.Damaged(path, "its file is missing, and its log (-wal) is there");
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
