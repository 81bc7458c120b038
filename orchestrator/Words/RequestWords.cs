using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Words;

/// <summary>What is asked of a run, in words.</summary>
internal static class RequestWords
{
    /// <summary>The word that commands and addresses have for it: <c>pause</c>, <c>approve</c>.</summary>
    public static string Command(this RequestKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What the run is asked to do: <c>pause</c>, but <c>begin</c> where it is approved.</summary>
    public static string Verb(this RequestKind kind) => kind switch
    {
        RequestKind.Approve => "begin",
        RequestKind.Rollback => "roll back",
        _ => kind.Command(),
    };
}
