using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;

namespace Refresh.Lab.Commands;

/// <summary>Options and manners that the lab's commands share.</summary>
internal static class LabOption
{
    public static Option<string> Directory() =>
        new("--dir") { Description = "The lab's directory.", DefaultValueFactory = _ => LabOptions.DefaultDirectory };

    /// <summary>Known to these commands by themselves; the help lists the one that every command of the program takes.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON.", Hidden = true };

    public static Option<int> Count(string name, string description, int byDefault, int least, int most) =>
        new Option<int>(name) { Description = description, DefaultValueFactory = _ => byDefault }.Between(least, most, value => $"{name} is {value}; it can be {least} to {most}.");

    /// <summary>A number that has no default of its own.</summary>
    public static Option<int?> Count(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var value) && (value < least || value > most))
                result.AddError($"{name} is {value}; it can be {least} to {most}.");
        });
        return option;
    }

    /// <summary>A time, kept as it is written: the help shows a default that the option takes.</summary>
    public static Option<string> Time(string name, string description, TimeSpan byDefault)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => Duration.Write(byDefault) };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && Duration.Parse(token.Value) is null)
                result.AddError($"'{token.Value}' is not a duration: write 250ms, 3s, 5m or 1h.");
        });
        return option;
    }

    public static TimeSpan Get(this ParseResult parsed, Option<string> time) => Duration.Parse(parsed.GetRequiredValue(time))!.Value;

    /// <summary>Gives a command an action that begins an operation, tells its phases and says how it ended; with <c>--json</c> only the operation as it ended.</summary>
    public static void ActOnVm(this Command command, Option<string> directory, Func<LabClient, ParseResult, CancellationToken, Task<LabOperation>> begin)
    {
        var json = Json();
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            using var client = LabClient.Of(parsed.GetRequiredValue(directory));
            var begun = await begin(client, parsed, cancellation);
            var ended = await client.WaitAsync(begun, parsed.GetValue(json) ? null : new Lines(output, begun.Vm), cancellation);
            await output.WriteLineAsync(
                parsed.GetValue(json) ? JsonSerializer.Serialize(ended, LabJson.Default.LabOperation)
                : $"{ended.Vm}: {(ended.State == LabOperationState.Succeeded ? "done" : $"failed: {ended.Reason}")}");
            return ended.State == LabOperationState.Succeeded ? 0 : 1;
        });
    }

    private sealed class Lines(TextWriter output, string vm) : IProgress<string>
    {
        public void Report(string value) => output.WriteLine($"{vm}: {value}");
    }
}
