using System.Text;
using CliWrap;
using CliWrap.Exceptions;

namespace Refresh.Orchestrator.Images.Sources;

/// <summary>A git checkout at a commit: what is committed is taken, whatever the working tree has on top.</summary>
internal static class GitSource
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>Writes a commit's files into a directory.</summary>
    /// <returns>The commit's full id.</returns>
    /// <exception cref="IOException">git cannot do it.</exception>
    public static async Task<string> ExportAsync(string checkout, string commit, string? path, string target, CancellationToken cancellation)
    {
        if (commit.StartsWith('-') || path is ['-', ..])
            throw new IOException("a commit or path does not begin with '-'");
        var id = new StringBuilder();
        await GitAsync(["-C", checkout, "rev-parse", "--verify", "--quiet", $"{commit}^{{commit}}"], PipeTarget.ToStringBuilder(id), $"there is no commit {commit}", cancellation);
        var full = id.ToString().Trim();
        var archive = Path.Combine(target, "refresh-export.tar");
        await GitAsync(["-C", checkout, "archive", "--format=tar", $"--output={archive}", path is null ? full : $"{full}:{path}"], PipeTarget.Null, $"the files of {commit} cannot be had", cancellation);
        await Archives.ExtractAsync(archive, target, cancellation);
        File.Delete(archive);
        return full;
    }

    private static async Task GitAsync(string[] arguments, PipeTarget output, string otherwise, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(s_patience);
        var said = new StringBuilder();
        try
        {
            var result = await Cli.Wrap("git")
                .WithArguments(arguments)
                .WithEnvironmentVariables(variables => variables.Set("GIT_TERMINAL_PROMPT", "0").Set("LC_ALL", "C"))
                .WithStandardOutputPipe(output)
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(said))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(late.Token);
            if (result.ExitCode != 0)
                throw new IOException($"{otherwise}: {(said.Length > 0 ? said.ToString().Split('\n')[0].Trim() : $"git ended with {result.ExitCode}")}");
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or CliWrapException)
        {
            throw new IOException($"git cannot be run: {exception.Message}", exception);
        }
    }
}
