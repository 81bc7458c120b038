using Refresh.Orchestrator.Commands;
using Spectre.Console;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

public sealed class ScreenTests
{
    private static readonly string[] s_headers = ["MEMBER", "WHY"];
    private static readonly Cell[][] s_rows = [["web-1/a", new("it runs [red]web@1.0.0[/], and the balancer said \u001b[31m so at great length", Shade.Bad)]];

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void A_table_fits_on_a_terminal(int width)
    {
        var lines = Draw(width, ColorSystemSupport.NoColors).Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.Contains("[red]web@1.0.0[/]", string.Join(' ', lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_many_columns_is_broken_on_a_narrow_terminal_and_not_left_out()
    {
        using var output = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = 40;
        string[] row = ["h3k9m2qa", "shop", "web@1.1.0", "Succeeded", "2026-11-02 03:00:00 UTC", "15 min 42 s"];
        Screen.Of(output, terminal).Table(["RUN", "FLEET", "IMAGE", "STATE", "BEGUN", "LASTED"], [[.. row.Select(cell => new Cell(cell))]]);
        Assert.Contains("shop", output.ToString(), StringComparison.Ordinal);
        Assert.All(output.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 40));
    }

    [Fact]
    public void Without_colours_nothing_is_written_that_is_not_text() =>
        Assert.DoesNotContain('\u001b', Draw(80, ColorSystemSupport.NoColors));

    [Fact]
    public void With_colours_a_stranger_cannot_set_them() =>
        Assert.DoesNotContain("\u001b[31m so", Draw(120, ColorSystemSupport.TrueColor), StringComparison.Ordinal);

    private static string Draw(int width, ColorSystemSupport colours)
    {
        using var output = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = colours == ColorSystemSupport.NoColors ? AnsiSupport.No : AnsiSupport.Yes, ColorSystem = colours, Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = width;
        var screen = Screen.Of(output, terminal);
        screen.Table(s_headers, s_rows);
        screen.Line("done", Shade.Good);
        return output.ToString();
    }
}
