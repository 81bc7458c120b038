using Refresh.Lab.Guests;
using Refresh.Orchestrator.Commands;

// A guest must start fast: it does without the command tree.
return args is ["lab", "guest", .. var guest]
    ? await GuestServer.RunAsync(guest)
    : await CommandLine.Create().Parse(args).InvokeAsync();
