using System.CommandLine;
using System.Text.Json;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Lab.Serving;

namespace Refresh.Lab.Commands;

/// <summary><c>lab up</c> starts a lab that outlives the command; <c>lab serve</c> is that lab.</summary>
internal sealed class UpCommand
{
    private static readonly LabOptions Defaults = new(LabOptions.DefaultDirectory);
    private readonly Option<string> _directory = LabOption.Directory();
    private readonly Option<int> _pairs = LabOption.Count("--pairs", "Pairs of VMs in a new lab.", Defaults.Pairs, 0, 250);
    private readonly Option<string?> _subnet = new("--subnet") { Description = "A /16 of 127.0.0.0/8 for a new lab, for example 127.83.0.0/16; a free one if not given." };
    private readonly Option<int?> _port = LabOption.Count("--port", "The port of guests, frontends and the interface of a new lab; 8080 if not given.", 1, 65535);
    private readonly Option<BalancerChoice> _balancer = new("--balancer") { Description = "HAProxy in front of the lab, or none.", DefaultValueFactory = _ => Defaults.Balancer };
    private readonly Option<int> _nodes = LabOption.Count("--haproxy-nodes", "HAProxy processes in front of the lab.", Defaults.HAProxyNodes, 1, 8);
    private readonly Option<string> _cloneDelay = LabOption.Time("--clone-delay", "How long copying an image takes.", Defaults.CloneDelay);
    private readonly Option<string> _bootDelay = LabOption.Time("--boot-delay", "How long a guest takes from power to its first answer.", Defaults.BootDelay);
    private readonly Option<string> _stopBound = LabOption.Time("--stop-bound", "How long a guest may take to finish what it has begun.", Defaults.StopBound);
    private readonly Option<string> _lifetime = LabOption.Time("--lifetime", "When the lab stops by itself; 0 for never.", Defaults.Lifetime);

    public static Command Create()
    {
        var json = LabOption.Json();
        var options = new UpCommand();
        var command = options.On(new Command("up", "Start a lab: a new one, or again the one of the directory."));
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var facts = await LabLauncher.StartAsync(options.Read(parsed), LabExecutable.Current(), cancellation);
            await Table.WriteAsync(facts, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            if (!parsed.GetValue(json))
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"\nThe lab is a process of its own and goes on when this command and its shell have ended. To stop it: refresh lab down{Named(facts)}");
            return 0;
        });
        return command;
    }

    public static Command CreateServe()
    {
        var options = new UpCommand();
        var command = options.On(new Command("serve", "Run a lab in the foreground."));
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            Unix.LeaveSession();
            using var stop = new Termination(cancellation);
            using var server = new LabServer(options.Read(parsed), LabExecutable.Current(), TimeProvider.System);
            try
            {
                await server.RunAsync(facts => Console.WriteLine($"The lab is at {facts.Api}"), stop.Token);
                return 0;
            }
            catch (LabException failure)
            {
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new LabProblem("The lab did not come up.", failure.Status, failure.Text, failure.Code, failure.Next), LabJson.Default.LabProblem));
                throw;
            }
        });
        return command;
    }

    private static string Named(LabFacts facts) =>
        facts.Directory == Path.GetFullPath(LabOptions.DefaultDirectory) ? string.Empty : $" --dir {facts.Directory}";

    private Command On(Command command)
    {
        foreach (var option in new Option[] { _directory, _pairs, _subnet, _port, _balancer, _nodes, _cloneDelay, _bootDelay, _stopBound, _lifetime })
            command.Add(option);
        return command;
    }

    private LabOptions Read(ParseResult parsed) => new(Path.GetFullPath(parsed.GetRequiredValue(_directory)))
    {
        Pairs = parsed.GetValue(_pairs),
        Subnet = parsed.GetValue(_subnet),
        Port = parsed.GetValue(_port),
        Balancer = parsed.GetValue(_balancer),
        HAProxyNodes = parsed.GetValue(_nodes),
        CloneDelay = parsed.Get(_cloneDelay),
        BootDelay = parsed.Get(_bootDelay),
        StopBound = parsed.Get(_stopBound),
        Lifetime = parsed.Get(_lifetime),
    };
}
