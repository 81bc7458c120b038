using Refresh.Orchestrator.Words;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Chat.Grammar;

/// <summary>What somebody wants, as chat says it. <see cref="Text"/> is how it is written, and is read back as the same command.</summary>
internal abstract record ChatCommand
{
    /// <summary>How it is written.</summary>
    public abstract string Text { get; }

    /// <summary>It changes what serves, so it is said first what it will do, and confirmed.</summary>
    public virtual bool Dangerous => false;

    /// <inheritdoc />
    public sealed override string ToString() => Text;

    private protected static string Words(params ReadOnlySpan<string?> words)
    {
        var told = new List<string>();
        foreach (var word in words)
        {
            if (word is { Length: > 0 })
                told.Add(word);
        }

        return string.Join(' ', told);
    }

    private protected static string? Because(string? why) => why is null ? null : $"because {why}";
}

/// <summary>What can be said.</summary>
/// <param name="About">One command; null for all.</param>
internal sealed record HelpCommand(string? About) : ChatCommand
{
    public override string Text => Words("help", About);
}

/// <summary>How fleets stand.</summary>
/// <param name="Fleet">One of them; null for all.</param>
internal sealed record StatusCommand(string? Fleet) : ChatCommand
{
    public override string Text => Words("status", Fleet);
}

/// <summary>What a run would do.</summary>
/// <param name="Fleet">The fleet.</param>
/// <param name="Image">Another image than the fleet file's.</param>
internal sealed record PlanCommand(string Fleet, string? Image) : ChatCommand
{
    public override string Text => Words("plan", Fleet, Image);
}

/// <summary>Refresh a fleet.</summary>
/// <param name="Fleet">The fleet.</param>
/// <param name="Image">Another image than the fleet file's.</param>
/// <param name="When">Whether it waits for a patch window.</param>
/// <param name="Queued">Wait while the fleet has another run.</param>
/// <param name="Why">The reason given.</param>
internal sealed record RefreshCommand(string Fleet, string? Image, When When, bool Queued, string? Why) : ChatCommand
{
    public override bool Dangerous => true;

    public override string Text => Words("refresh", Fleet, Image, When switch { When.AtWindow => "at window", When.OutsideWindows => "outside windows", _ => null }, Queued ? "queued" : null, Because(Why));
}

/// <summary>Whether a run waits for a patch window.</summary>
internal enum When
{
    /// <summary>As the fleet file says.</summary>
    AsFleet,

    /// <summary>It waits for one; a fleet without any is an error.</summary>
    AtWindow,

    /// <summary>It waits for none; takes a reason.</summary>
    OutsideWindows,
}

/// <summary>Ask something of a run.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">The run, or the fleet that has it; null where there is only one.</param>
/// <param name="Why">The reason given.</param>
internal sealed record AskCommand(RequestKind Kind, string? Target, string? Why) : ChatCommand
{
    public override bool Dangerous => Kind is RequestKind.Cancel or RequestKind.Rollback;

    public override string Text => Words(Kind.Command(), Target, Because(Why));
}

/// <summary>Why a pair waits.</summary>
/// <param name="Pair">The pair, <c>pair</c> or <c>fleet/pair</c>.</param>
internal sealed record WhyCommand(string Pair) : ChatCommand
{
    public override string Text => Words("why", Pair);
}

/// <summary>Say again what came too late for the chat.</summary>
internal sealed record AnswerCommand : ChatCommand
{
    public override string Text => "answer";
}

/// <summary>Do what was said before.</summary>
/// <param name="Code">The code that was given for it.</param>
internal sealed record ConfirmCommand(string Code) : ChatCommand
{
    public override string Text => Words("confirm", Code);
}

/// <summary>Something that is no command.</summary>
/// <param name="What">What is wrong, and what would be right.</param>
internal sealed record Misread(string What) : ChatCommand
{
    public override string Text => "help";
}
