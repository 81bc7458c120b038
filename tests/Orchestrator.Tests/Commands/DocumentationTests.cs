using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Refresh.Lab.Commands;
using Refresh.Orchestrator.Commands;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

/// <summary>What docs/ says of the command line is held equal to the command line.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string s_docs = Path.Combine(Repository(), "docs");

    private static string Cli => File.ReadAllText(Path.Combine(s_docs, "cli.md"));

    [Fact]
    public void The_table_of_exit_codes_is_the_one_that_is_used()
    {
        var told = ExitCodeRow().Matches(Cli).Select(row => (int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture), row.Groups[2].Value));
        var used = typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => ((int)code.GetRawConstantValue()!, code.Name));
        Assert.Equal(used.Order(), told.Order());
    }

    [Fact]
    public void Every_command_and_option_is_documented()
    {
        var page = Cli.Split('\n');
        var commands = CommandLine.Create().Subcommands.Where(command => command.Name != LabCommand.Create().Name).SelectMany(WithChildren);
        Assert.Empty(commands.SelectMany(command => Undocumented(command, page)));
    }

    /// <summary>What the row of a command does not name, or, of a command that only has others below it, the sentence on what all of those take.</summary>
    private static IEnumerable<string> Undocumented(Command command, string[] page)
    {
        var words = $"refresh {Words(command)}";
        string[] begins = command.Subcommands.Count > 0 ? [$"The commands of `{words}` take "] : [$"| `{words}`", $"| `{words} "];
        var told = page.Where(line => begins.Any(begin => line.StartsWith(begin, StringComparison.Ordinal))).ToList();
        if (told.Count != 1 && (command.Options.Count > 0 || command.Subcommands.Count == 0))
            return [words];
        return command.Options.Where(option => option.Name != "--help" && !NamedIn(told[0], option.Name)).Select(option => $"{words} {option.Name}");
    }

    private static bool NamedIn(string told, string option) => Regex.IsMatch(told, $@"[`\[ ]{option}(?![\w-])");

    [Fact]
    public void The_table_of_what_a_worker_elsewhere_does_has_every_command()
    {
        var told = ElsewhereRow().Matches(Cli).SelectMany(row => Name().Matches(row.Groups[1].Value).Select(name => (Command: $"refresh {name.Groups[1].Value}", There: row.Groups[2].Value == "there"))).ToList();
        Assert.Equal(CommandLine.Elsewhere.Order(), told.Where(row => row.There).Select(row => row.Command).Order());
        var commands = CommandLine.Create().Subcommands.SelectMany(WithChildren).Where(command => command.Subcommands.Count == 0).Select(command => $"refresh {Words(command)}").Where(command => !command.StartsWith("refresh lab ", StringComparison.Ordinal));
        Assert.Equal(commands.Append("refresh lab").Order(), told.Select(row => row.Command).Order());
    }

    [Fact]
    public void The_page_of_the_machines_is_the_one_that_they_draw() =>
        Assert.Equal(GraphCommand.Markdown(), File.ReadAllText(Path.Combine(s_docs, "machines.md")));

    private static IEnumerable<Command> WithChildren(Command command) => command.Subcommands.SelectMany(WithChildren).Prepend(command);

    private static string Words(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } parent ? $"{Words(parent)} {command.Name}" : command.Name;

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Refresh.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run in a checkout.");
        return folder.FullName;
    }

    [GeneratedRegex(@"^\| (\d+) \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex ExitCodeRow();

    [GeneratedRegex(@"^\| ((?:`[a-z ]+`(?:, )?)+) \| (there|here) \|", RegexOptions.Multiline)]
    private static partial Regex ElsewhereRow();

    [GeneratedRegex("`([a-z ]+)`")]
    private static partial Regex Name();
}
