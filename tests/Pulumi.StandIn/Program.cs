using Refresh.PulumiStandIn.Cli;
using Refresh.PulumiStandIn.Plugins;

// One file under several names: the command, and the plugins that it starts.
return Path.GetFileName(Environment.ProcessPath) is { } name && name.StartsWith("pulumi-", StringComparison.Ordinal)
    ? Plugin.Serve()
    : await CommandLine.RunAsync(args);
