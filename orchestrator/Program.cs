using System.CommandLine;
using Refresh.Lab.Commands;
using Refresh.Lab.Guests;

// A guest must start fast: it does without the command tree.
return args is ["lab", "guest", .. var guest] ? await GuestServer.RunAsync(guest) : await RunCommandAsync(args);

static Task<int> RunCommandAsync(string[] args) =>
    new RootCommand("Refresh brings every VM of a fleet up to a patched golden image while the service stays online.") { LabCommand.Create() }
        .Parse(args)
        .InvokeAsync();
