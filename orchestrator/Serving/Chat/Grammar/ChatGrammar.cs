using System.Text;
using System.Text.RegularExpressions;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Chat.Grammar;

/// <summary>Reads commands. It knows words alone: no fleet, no clock, no person. Whatever is written, it answers.</summary>
internal static partial class ChatGrammar
{
    /// <summary>The longest command, in characters.</summary>
    public const int Longest = 1000;

    private const string Because = "because";

    /// <summary>Reads a command; what is none becomes a <see cref="Misread"/> that says what would be right.</summary>
    public static ChatCommand Parse(string text)
    {
        if (text.Length > Longest)
            return new Misread($"A command has at most {Longest} characters.");
        var words = Words(text);
        if (words.Count == 0)
            return new HelpCommand(null);
        var verb = words[0].ToLowerInvariant();
        var rest = words[1..];
        var because = rest.FindIndex(word => word.Equals(Because, StringComparison.OrdinalIgnoreCase));
        var why = because < 0 ? null : string.Join(' ', rest[(because + 1)..]);
        if (why?.Length == 0)
            return new Misread("After \"because\" a reason is wanted.");
        if (why is not null && verb is not ("refresh" or "approve" or "pause" or "resume" or "cancel" or "rollback"))
            return Wrong(verb);
        return Read(verb, because < 0 ? rest : rest[..because], why);
    }

    private static ChatCommand Read(string verb, List<string> words, string? why) => (verb, words) switch
    {
        ("help", []) => new HelpCommand(null),
        ("help", [var about]) => new HelpCommand(about.ToLowerInvariant()),
        ("answer", []) => new AnswerCommand(),
        ("status", []) => new StatusCommand(null),
        ("status", [var fleet]) => Named(fleet, new StatusCommand(fleet)),
        ("plan", [var fleet]) => Named(fleet, new PlanCommand(fleet, null)),
        ("plan", [var fleet, var image]) => Named(fleet, Imaged(image, new PlanCommand(fleet, image))),
        ("refresh", [var fleet, .. var terms]) => Named(fleet, Refresh(fleet, terms, why)),
        ("why", [var pair]) => PairName().IsMatch(pair) ? new WhyCommand(pair) : new Misread($"{Shown(pair)} is not the name of a pair."),
        ("confirm", [.. var parts] and [_, ..]) => Code(string.Concat(parts)),
        ("approve", [var run]) => Named(run, new AskCommand(RequestKind.Approve, run, why)),
        ("pause", _) => Asks(RequestKind.Pause, words, why),
        ("resume", _) => Asks(RequestKind.Resume, words, why),
        ("cancel", _) => Asks(RequestKind.Cancel, words, why),
        ("rollback", _) => Asks(RequestKind.Rollback, words, why),
        _ => Wrong(verb),
    };

    private static ChatCommand Asks(RequestKind kind, List<string> words, string? why) => words switch
    {
        [] => new AskCommand(kind, null, why),
        [var target] => Named(target, new AskCommand(kind, target, why)),
        _ => Wrong(kind.Command()),
    };

    private static ChatCommand Refresh(string fleet, List<string> terms, string? why)
    {
        string? image = null;
        var (when, queued, place) = (When.AsFleet, false, 0);
        if (terms is [var first, ..] && first.ToLowerInvariant() is not ("at" or "outside" or "queued"))
            (image, place) = (first, 1);
        while (place < terms.Count)
        {
            switch (terms[place].ToLowerInvariant())
            {
                case "queued" when !queued:
                    (queued, place) = (true, place + 1);
                    break;
                case "at" when when == When.AsFleet && Next(terms, place) is "window":
                    (when, place) = (When.AtWindow, place + 2);
                    break;
                case "outside" when when == When.AsFleet && Next(terms, place) is "windows":
                    (when, place) = (When.OutsideWindows, place + 2);
                    break;
                default:
                    return Wrong("refresh");
            }
        }

        if (when == When.OutsideWindows && why is null)
            return new Misread("\"outside windows\" needs a reason, which journal and report keep: add \"because …\".");
        var command = new RefreshCommand(fleet, image, when, queued, why);
        return image is null ? command : Imaged(image, command);
    }

    private static string? Next(List<string> terms, int place) => place + 1 < terms.Count ? terms[place + 1].ToLowerInvariant() : null;

    private static ChatCommand Code(string text)
    {
        var code = ChatCode.Plain(text);
        return code is null ? new Misread("That is not a code: it has ten letters and digits.") : new ConfirmCommand(code);
    }

    private static ChatCommand Named(string name, ChatCommand command) =>
        command is Misread || Name().IsMatch(name) ? command : new Misread($"{Shown(name)} is not a name.");

    private static ChatCommand Imaged(string image, ChatCommand command) =>
        command is Misread || ImageName().IsMatch(image) ? command : new Misread($"{Shown(image)} is not an image: it is written NAME or NAME@VERSION.");

    private static Misread Wrong(string verb) => new(Usage.Find(verb) is { } usage
        ? $"It is written: {usage.Form}"
        : $"There is no command {Shown(verb)}; {Suggestion.For(verb, [.. Usage.All.Select(each => each.Word)])}");

    private static string Shown(string word) => $"\"{Api.Problem.Shown(word)}\"";

    // Chat programs put spaces of every kind, and signs that nobody sees, between words.
    private static List<string> Words(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            plain.Append(Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) ? " " : Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format || rune == Rune.ReplacementChar ? string.Empty : rune.ToString());
        return [.. plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?\z")]
    private static partial Regex PairName();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._/-]{0,99}(@[A-Za-z0-9][A-Za-z0-9._+-]{0,99})?\z")]
    private static partial Regex ImageName();
}
