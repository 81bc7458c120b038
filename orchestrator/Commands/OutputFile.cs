namespace Refresh.Orchestrator.Commands;

/// <summary>A file that a command writes for its user.</summary>
internal static class OutputFile
{
    /// <summary>Writes a file whole, or ends the command.</summary>
    /// <exception cref="CommandFailure">It is there already and may not be replaced, or it cannot be written.</exception>
    public static async Task WriteAsync(string path, string text, bool replace, CancellationToken cancellation)
    {
        try
        {
            await using var file = new FileStream(path, replace ? FileMode.Create : FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await using var writer = new StreamWriter(file);
            await writer.WriteAsync(text.AsMemory(), cancellation);
        }
        catch (IOException) when (!replace && File.Exists(path))
        {
            throw new CommandFailure(ExitCodes.Refused, "file-exists", $"{path} is there already, and was left as it is.", "Name another file with --output, or replace it with --force.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Refused, "file-unwritable", $"{path} cannot be written: {problem.Message}", "Name a file in a directory that is there and that you may write to.");
        }
    }
}
