using System.CommandLine;
using Refresh.Orchestrator.Commands;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

/// <summary>Every option of the whole command line that takes a whole number.</summary>
public sealed class NumberOptionTests
{
    public static TheoryData<string, string> Options
    {
        get
        {
            var options = new TheoryData<string, string>();
            Add(CommandLine.Create(), string.Empty, options);
            return options;
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task What_is_no_number_is_refused_in_a_line(string command, string option)
    {
        using var cli = new Cli();
        foreach (var word in new[] { "x", "", "99999999999999999999" })
        {
            var said = (await cli.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. Needed(command), option, word])).Ended(ExitCodes.Usage);
            Assert.Single(said.Error.Split('\n'), line => line.Contains(option, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void There_are_some() => Assert.True(Options.Count > 8);

    // It asks for these before it looks at its options.
    private static string[] Needed(string command) => command == " lab fail" ? ["web-1-a", "slow"] : [];

    private static void Add(Command command, string path, TheoryData<string, string> options)
    {
        foreach (var option in command.Options.Where(option => option.ValueType == typeof(int) || option.ValueType == typeof(int?)))
            options.Add(path, option.Name);
        foreach (var below in command.Subcommands)
            Add(below, $"{path} {below.Name}", options);
    }
}
