using System.Diagnostics;
using System.Globalization;
using Refresh.Orchestrator.Journals;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>A process of its own that appends to a journal and says each sequence that was acknowledged: this test program, asked for the one explicit test below.</summary>
public sealed class JournalAppender : IDisposable
{
    private const string Variable = "REFRESH_TEST_APPEND_TO";
    private const string Says = "acknowledged ";
    private Process? process;

    [Fact(Explicit = true)]
    public async Task Appends_until_it_is_killed_or_has_appended_20_000_entries()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(path is null, $"Started by the crash tests, which set {Variable}.");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var journal = await SqliteRunJournal.OpenAsync(path!, TimeProvider.System, Noted.Format, limit.Token);
        var lease = await journal.AcquireAsync("web", "child", TimeSpan.FromHours(1), limit.Token);
        await journal.BeginAsync(lease, "r1", ["a"], limit.Token);
        for (var last = 1; last < 20_000; last++)
        {
            Console.WriteLine(Says + last);
            await journal.GoOnAsync(lease, "r1", last, limit.Token);
        }
    }

    internal static JournalAppender Start(string path)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(JournalAppender).Assembly.Location, "-explicit", "only", "-class", typeof(JournalAppender).FullName!])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Variable] = path;
        return new JournalAppender { process = Process.Start(start)! };
    }

    /// <summary>Waits until it has said so many more, and kills it on request; what it had said by then counts.</summary>
    /// <returns>The last sequence that it said.</returns>
    internal async Task<int> AcknowledgedAsync(int sayings, bool kill, CancellationToken cancellation)
    {
        var last = 0;
        while (await process!.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith(Says, StringComparison.Ordinal) || !int.TryParse(line[Says.Length..], CultureInfo.InvariantCulture, out var said))
                continue;
            // The last line of a killed process may be cut, and then says less.
            last = Math.Max(last, said);
            if (--sayings > 0)
                continue;
            if (!kill)
                return last;
            process.Kill();
        }

        return kill ? last : throw new InvalidOperationException("The process ended by itself.");
    }

    public void Dispose()
    {
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
    }
}
