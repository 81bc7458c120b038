using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Refresh.Lab.Client;

namespace Refresh.Lab.Commands;

/// <summary><c>lab fail</c> lets something go wrong, or clears what was to go wrong.</summary>
internal static class FailCommand
{
    private static readonly string[] Kinds = [.. Enum.GetNames<LabFaultKind>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    public static Command Create()
    {
        var directory = LabOption.Directory();
        var vm = new Argument<string>("vm") { Description = "The VM, or '*' for any." };
        var kind = new Argument<LabFaultKind?>("kind")
        {
            HelpName = "kind",
            Description = string.Join(", ", Kinds) + ".",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => Enum.TryParse<LabFaultKind>(result.Tokens[0].Value.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true, out var parsed) ? parsed : Unknown(result),
        };
        kind.CompletionSources.Clear();
        kind.CompletionSources.Add(Kinds);
        var count = LabOption.Count("--count", "For how many clones.", 1, 1, 1_000_000);
        var ms = new Option<int?>("--ms") { Description = "Milliseconds: slow (default 1000), flaps (500), dies-later (2000)." };
        var now = new Option<bool>("--now") { Description = "Befall the running guest now: boots-sick, slow, flaps, dies-later." };
        var clear = new Option<bool>("--clear") { Description = "Clear the VM's faults; a clone that hangs goes on." };
        var command = new Command("fail", "Let the next clone of a VM, or its running guest, go wrong.") { vm, kind, count, ms, now, clear, directory };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(clear) && result.GetResult(kind) is not { Tokens.Count: > 0 })
                result.AddError("Say what goes wrong, or --clear.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = LabClient.Of(parsed.GetRequiredValue(directory));
            var name = parsed.GetRequiredValue(vm);
            if (parsed.GetValue(clear))
                await client.ClearFaultsAsync(name == "*" ? null : name, cancellation);
            else
                await client.FailAsync(new(name, parsed.GetValue(kind)!.Value, parsed.GetValue(count), parsed.GetValue(ms), parsed.GetValue(now)), cancellation);
            return 0;
        });
        return command;
    }

    private static LabFaultKind? Unknown(ArgumentResult result)
    {
        result.AddError($"'{result.Tokens[0].Value}' is not a kind of fault; see lab fail --help.");
        return null;
    }
}
