using System.CommandLine;
using System.CommandLine.Parsing;
using Refresh.Lab.Load;

namespace Refresh.Lab.Commands;

/// <summary><c>lab load</c> keeps up a steady load and reports it honestly.</summary>
internal static class LoadCommand
{
    private static readonly LoadOptions Defaults = new(new Uri("http://127.0.0.1/"));

    public static Command Create()
    {
        var url = new Option<Uri>("--url") { Description = "Where the load goes, for example http://127.83.0.1:8080/.", Required = true, CustomParser = Read };
        var phase = new Option<string>("--phase") { Description = "The phase that it begins in.", DefaultValueFactory = _ => Defaults.Phase };
        var rate = LabOption.Count("--rate", "Requests begun a second.", (int)Defaults.Rate, 1, 20_000);
        var clients = LabOption.Count("--clients", "Clients that send one request after the other, instead of a rate.", 0, 0, 1_000);
        var longShare = LabOption.Count("--long-share", "Percent of requests that are long.", Defaults.LongShare, 0, 100);
        var longMs = LabOption.Count("--long-ms", "How long a long request takes, in milliseconds.", Defaults.LongMs, 0, 60_000);
        var postShare = LabOption.Count("--post-share", "Percent of requests that are POST.", Defaults.PostShare, 0, 100);
        var timeout = LabOption.Time("--timeout", "How long an answer may take.", Defaults.Timeout);
        var lifetime = LabOption.Time("--lifetime", "When the load ends by itself.", Defaults.Lifetime);
        var detached = new Option<bool>("--detached") { Description = "Leave the terminal's session, so that its Ctrl-C does not end the load.", Hidden = true };
        var command = new Command("load", "Keep up a steady load; one JSON line a second; 'phase NAME' on standard input begins a phase, its end ends the load.")
        {
            url, phase, rate, clients, longShare, longMs, postShare, timeout, lifetime, detached,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(detached))
                Unix.LeaveSession();
            using var stop = new Termination(cancellation);
            var options = new LoadOptions(parsed.GetRequiredValue(url))
            {
                Phase = parsed.GetRequiredValue(phase),
                Rate = parsed.GetValue(rate),
                Clients = parsed.GetValue(clients),
                LongShare = parsed.GetValue(longShare),
                LongMs = parsed.GetValue(longMs),
                PostShare = parsed.GetValue(postShare),
                Timeout = parsed.Get(timeout),
                Lifetime = parsed.Get(lifetime),
            };
            // Console.In would block the caller until a line comes.
            using var input = new StreamReader(Console.OpenStandardInput());
            var report = await new LoadGenerator(options, input, parsed.InvocationConfiguration.Output, TimeProvider.System).RunAsync(stop.Token);
            return report.Failed == 0 ? 0 : 1;
        });
        return command;
    }

    private static Uri? Read(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp)
            return url;
        result.AddError($"'{result.Tokens[0].Value}' is not an http:// address.");
        return null;
    }
}
