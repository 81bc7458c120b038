using Refresh.Benchmarks.Core;

// A suite is chosen by its name; its other arguments are its own.
var suites = new Dictionary<string, Action<string[]>>(StringComparer.Ordinal)
{
    ["core"] = CoreSuite.Run,
};

if (args.Length == 0 || !suites.TryGetValue(args[0], out var suite))
{
    Console.Error.WriteLine($"Choose a suite: {string.Join(", ", suites.Keys)}.");
    return 2;
}

suite(args[1..]);
return 0;
