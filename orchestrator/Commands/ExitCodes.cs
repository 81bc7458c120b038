namespace Refresh.Orchestrator.Commands;

/// <summary>What the exit code of a command says; the table in docs/cli.md is held equal to this.</summary>
internal static class ExitCodes
{
    /// <summary>It is done, as asked.</summary>
    public const int Done = 0;

    /// <summary>A run ended with failures, or an audit found something.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>A file that was given is not valid; nothing was changed.</summary>
    public const int Invalid = 3;

    /// <summary>Refused before anything was touched: something stands in the way, or somebody else has the fleet.</summary>
    public const int Refused = 4;

    /// <summary>The run, or the demo before or after its run, was cancelled, or rolled back though that was not what the command asked for.</summary>
    public const int Cancelled = 5;

    /// <summary>The run was left unfinished and can be resumed.</summary>
    public const int Unfinished = 6;

    /// <summary>The journal cannot be read or written, or is damaged.</summary>
    public const int Journal = 7;

    /// <summary>The demo's run succeeded, but requests of its load failed.</summary>
    public const int RequestsFailed = 8;

    /// <summary>The worker elsewhere cannot be reached; what it was asked it may have done.</summary>
    public const int Unreachable = 9;

    /// <summary>A defect: what happened was not foreseen.</summary>
    public const int Defect = 70;

    /// <summary>The name of an exit code.</summary>
    public static string NameOf(int exitCode) => exitCode switch
    {
        Done => nameof(Done),
        Failed => nameof(Failed),
        Usage => nameof(Usage),
        Invalid => nameof(Invalid),
        Refused => nameof(Refused),
        Cancelled => nameof(Cancelled),
        Unfinished => nameof(Unfinished),
        Journal => nameof(Journal),
        RequestsFailed => nameof(RequestsFailed),
        Unreachable => nameof(Unreachable),
        _ => nameof(Defect),
    };
}
