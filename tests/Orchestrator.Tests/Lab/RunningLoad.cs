using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Refresh.Lab.Load;
using Xunit;

namespace Refresh.Orchestrator.Tests.Lab;

/// <summary>The load generator as a process of its own.</summary>
internal sealed class RunningLoad : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Process _process;

    public RunningLoad(LoadOptions options)
    {
        string[] arguments =
        [
            "lab", "load", "--url", options.Url.ToString(), "--rate", Text(options.Rate), "--clients", Text(options.Clients),
            "--long-share", Text(options.LongShare), "--long-ms", Text(options.LongMs), "--lifetime", "2m",
        ];
        _process = Process.Start(new ProcessStartInfo(LabFixture.Executable.FileName, [.. LabFixture.Executable.Prefix, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public void Say(string line) => _process.StandardInput.WriteLine(line);

    public async Task<LoadReport> UntilAsync(Func<LoadReport, bool> condition)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (JsonSerializer.Deserialize<LoadReport>(line, Json) is { } report && condition(report))
                return report;
        throw new InvalidOperationException("The load ended before its time.");
    }

    public async Task<LoadReport> EndAsync()
    {
        _process.StandardInput.Close();
        return await UntilAsync(report => report.Final);
    }

    public void Dispose()
    {
        _process.StandardInput.Dispose();
        _process.WaitForExit(TimeSpan.FromSeconds(20));
        _process.Dispose();
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
