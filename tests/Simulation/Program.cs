using System.CommandLine;
using Refresh.Simulation;

var seeds = new Option<int>("--seeds") { Description = "How many seeds to play.", DefaultValueFactory = _ => 2_000 };
var from = new Option<int>("--from") { Description = "The first seed." };
var pairs = new Option<int>("--pairs") { Description = "Play one calm fleet of so many pairs instead, and measure it." };
var atOnce = new Option<int>("--at-once") { Description = "Pairs that this fleet is refreshed at once.", DefaultValueFactory = _ => 100 };
var bugs = new Option<bool>("--bugs") { Description = "Plant each bug in turn instead, and say after how many seeds it was found." };
var bug = new Option<string?>("--bug") { Description = "Plant only the bugs whose names begin so.", DefaultValueFactory = _ => null };
var root = new RootCommand("Plays the core and the engine in virtual time over a simulated world; one seed decides all that happens.") { seeds, from, pairs, atOnce, bugs, bug };
root.SetAction((parsed, cancellation) => Task.FromResult(
    parsed.GetValue(pairs) > 0 ? Simulate.Wide(parsed.GetValue(from), parsed.GetValue(pairs), parsed.GetValue(atOnce), Console.Out)
    : parsed.GetValue(bugs) || parsed.GetValue(bug) is not null ? Simulate.Bugs(parsed.GetValue(bug) ?? string.Empty, parsed.GetValue(seeds), parsed.GetValue(from), Console.Out, cancellation)
    : Simulate.Seeds(parsed.GetValue(seeds), parsed.GetValue(from), Console.Out, cancellation)));
return await root.Parse(args).InvokeAsync();
