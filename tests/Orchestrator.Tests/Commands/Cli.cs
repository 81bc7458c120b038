using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

/// <summary>The real command line in a directory of its own, with a journal of its own.</summary>
internal sealed class Cli : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("refresh-cli-").FullName;

    public string Journal => At("journal.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>Carries out a command line in this process.</summary>
    public async Task<Said> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null };
        var exitCode = await CommandLine.RunAsync([.. args, "--journal", Journal], configuration);
        return new Said(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Carries out a command line in a process of its own.</summary>
    public Task<Said> ExecuteAsync(params string[] args) => ExecuteAsync([], args);

    /// <summary>Carries out a command line in a process of its own, with an environment.</summary>
    public async Task<Said> ExecuteAsync((string Name, string Value)[] environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "refresh.dll"), .. args])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REFRESH_JOURNAL"] = Journal;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return new Said(process.ExitCode, await output, await error);
    }

    /// <summary>Puts a made-up run into the journal.</summary>
    /// <param name="scripted">The run.</param>
    /// <param name="id">Its id there.</param>
    /// <param name="held">Whether somebody seems to work on it: the lease is kept.</param>
    public async Task StoreAsync(ScriptedRun scripted, string id, bool held = false)
    {
        await using var journal = await SqliteRunJournal.OpenAsync(Journal, TimeProvider.System, Cancellation);
        var lease = await journal.AcquireAsync(scripted.Run.Fleet.Name, "worker-1", TimeSpan.FromMinutes(5), Cancellation);
        JournalEntry[] entries = [.. scripted.Journal.Select(entry => entry with { Run = id, Epoch = lease.Epoch, Event = entry.Event is RunPlanned planned ? planned with { Run = id } : entry.Event })];
        var run = scripted.Run with { Id = id };
        await journal.CreateAsync(lease, RunHeads.Of(run, entries.Length), [], entries, Cancellation);
        if (!held)
            await journal.ReleaseAsync(lease, Cancellation);
    }

    /// <summary>The worker that seems to have a run brings it to where it is now, and leaves it without a look at what was asked.</summary>
    public async Task EndAsync(ScriptedRun scripted, string id)
    {
        await using var journal = await SqliteRunJournal.OpenAsync(Journal, TimeProvider.System, Cancellation);
        var lease = (await journal.HolderAsync(scripted.Run.Fleet.Name, Cancellation))!;
        var stored = (await journal.FindAsync(id, Cancellation))!.Sequence;
        JournalEntry[] entries = [.. scripted.Journal.Skip((int)stored).Select(entry => entry with { Run = id, Epoch = lease.Epoch })];
        await journal.AppendAsync(lease, RunHeads.Of(scripted.Run with { Id = id }, stored + entries.Length), stored, entries, [], Cancellation);
        await journal.ReleaseAsync(lease, Cancellation);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>What a command said.</summary>
internal sealed record Said(int ExitCode, string Output, string Error)
{
    /// <summary>Its output as one JSON object.</summary>
    public JsonElement Json => JsonElement.Parse(Output);

    /// <summary>Its output as a JSON object a line.</summary>
    public IReadOnlyList<JsonElement> Lines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>Why it failed, as one JSON object.</summary>
    public JsonElement ErrorJson => JsonElement.Parse(Error);

    /// <summary>Checks the exit code, and that what went wrong is told in lines for people.</summary>
    public Said Ended(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}\n{Output}\n{Error}");
        Assert.DoesNotContain("\n   at ", Output + Error, StringComparison.Ordinal);
        return this;
    }
}
