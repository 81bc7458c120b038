using Refresh.Benchmarks.Core;
using Refresh.Benchmarks.Engine;
using Refresh.Benchmarks.Lab;
using Refresh.Benchmarks.Serving;
using Refresh.Benchmarks.Soaking;

// A suite is chosen by its name; its other arguments are its own.
var suites = new Dictionary<string, Func<string[], Task>>(StringComparer.Ordinal)
{
    ["core"] = CoreSuite.RunAsync,
    ["journal"] = JournalSuite.RunAsync,
    ["overhead"] = OverheadSuite.RunAsync,
    ["lab"] = LabSuite.RunAsync,
    ["serve"] = ServeSuite.RunAsync,
    ["soak"] = SoakSuite.RunAsync,
};

if (args.Length == 0 || !suites.TryGetValue(args[0], out var suite))
{
    Console.Error.WriteLine($"Choose a suite: {string.Join(", ", suites.Keys)}.");
    return 2;
}

await suite(args[1..]);
return Environment.ExitCode;
