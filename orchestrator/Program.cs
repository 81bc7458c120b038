using Refresh.Lab.Guests;
using Refresh.Orchestrator.Commands;

// A guest must start fast: it does without the command tree.
if (args is ["lab", "guest", .. var guest])
    return await GuestServer.RunAsync(guest);

// A run answers Ctrl-C itself, and takes the time that it needs to stop safely.
return await CommandLine.RunAsync(args, new() { ProcessTerminationTimeout = null });
