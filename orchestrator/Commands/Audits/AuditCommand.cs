using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Audits;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Remote;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands.Audits;

/// <summary><c>refresh audit</c>: what every member runs, and what is not as it should be.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var options = new AuditOptions();
        var command = new Command("audit", "Tell what every member runs, and find what is unpatched, forgotten or contradicts itself.") { options.Files, options.All, options.Inventory, options.Since, options.Sarif, options.Html, options.FailOn, options.MaxAge, options.MaxAway };
        command.Do((context, parsed, cancellation) => AuditAsync(context, options, parsed, cancellation));
        return command;
    }

    private static async Task<int> AuditAsync(CommandContext context, AuditOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        var policy = new AuditPolicy { MaxImageAge = TimeSpan.FromDays(parsed.GetValue(options.MaxAge)), MaxAway = Away(parsed.GetValue(options.MaxAway)!) };
        var before = await BeforeAsync(parsed.GetValue(options.Since), cancellation);
        var machines = new List<MachineFacts>();
        foreach (var inventory in parsed.GetValue(options.Inventory) ?? [])
            machines.AddRange(await new InventoryFile(inventory).ListAsync(cancellation));
        var audit = context.Server is { } server
            ? (await server.AuditAsync(await AskedAsync(server, options, parsed, policy, machines, cancellation), cancellation)).Compared(before)
            : await LookAsync(context, options, parsed, policy, machines, before, cancellation);
        if (parsed.GetValue(options.Sarif) is { } sarif)
            await OutputFile.WriteAsync(sarif, SarifAudit.Render(audit), replace: true, cancellation);
        if (parsed.GetValue(options.Html) is { } html)
            await OutputFile.WriteAsync(html, HtmlAudit.Render(audit), replace: true, cancellation);
        if (context.Json)
            await context.Output.WriteLineAsync(audit.Write());
        else
            AuditScreen.Write(Screen.Of(context), audit);
        return audit.Findings.Any(finding => (int)finding.Risk >= (int)parsed.GetValue(options.FailOn)) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static async Task<AuditBody> AskedAsync(RemoteServer server, AuditOptions options, ParseResult parsed, AuditPolicy policy, List<MachineFacts> machines, CancellationToken cancellation)
    {
        if (parsed.GetValue(options.All) is { } directory)
            throw new CommandFailure(ExitCodes.Usage, "fleets-are-the-workers", $"A worker elsewhere has its own fleet files, and none of {directory}.", "With --server, --all without a directory is every fleet there; or name fleets.");
        var named = parsed.GetValue(options.Files) ?? [];
        IReadOnlyList<string> fleets = parsed.GetResult(options.All) is not null ? [] : named.Length > 0 ? named : [await RemoteFleets.OnlyAsync(server, cancellation)];
        return new AuditBody(fleets, parsed.GetValue(options.MaxAge), policy.MaxAway.TotalSeconds, [.. machines.Select(MachineBody.Of)]);
    }

    private static async Task<AuditDocument> LookAsync(CommandContext context, AuditOptions options, ParseResult parsed, AuditPolicy policy, List<MachineFacts> machines, AuditDocument? before, CancellationToken cancellation)
    {
        var (fleets, unread) = await FleetsAsync(context, options, parsed, cancellation);
        return AuditDocument.Of(AuditSurvey.Join(CommandContext.Clock.GetUtcNow(), fleets, machines, unread, unread.Count > 0 ? Unseen.Fleets : Unseen.None), policy, before);
    }

    private static async Task<(List<FleetSurveyed> Fleets, List<Reason> Unread)> FleetsAsync(CommandContext context, AuditOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        var (fleets, unread) = (new List<FleetSurveyed>(), new List<Reason>());
        var all = parsed.GetResult(options.All) is not null;
        var files = FleetFilesIn.Choose(parsed.GetValue(options.Files) ?? [], all, parsed.GetValue(options.All));
        foreach (var file in files)
        {
            try
            {
                var definition = await CommandContext.FleetAsync(file, cancellation);
                await using var adapters = await context.ObserversAsync(definition, cancellation);
                var surveyed = await AuditSurvey.LookAsync(definition, adapters.Ports, cancellation);
                fleets.Add(surveyed with { Facts = surveyed.Facts with { Unread = [.. surveyed.Facts.Unread, .. adapters.Unknown.Select(unknown => new Reason("not-from-outside", unknown, "a run or refresh serve looks from inside"))] } });
            }
            catch (CommandFailure invalid) when (all && invalid.Error.ExitCode == ExitCodes.Invalid)
            {
                unread.Add(new Reason(file, $"the fleet file {file} has {Counted.Of(invalid.Error.Mistakes.Count, "mistake")}, and its fleet was not looked at: {invalid.Error.Mistakes[0].Message}", $"correct it: refresh validate {file}"));
            }
            catch (AdapterException failure) when (all || files.Count > 1)
            {
                unread.Add(new Reason(file, $"the fleet of {file} could not be looked at: {failure.Reason.Text}", failure.Reason.EndsWhen));
            }
        }

        return (fleets, unread);
    }

    private static async Task<AuditDocument?> BeforeAsync(string? file, CancellationToken cancellation)
    {
        if (file is null)
            return null;
        try
        {
            return AuditDocument.Read(await File.ReadAllTextAsync(file, cancellation));
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Invalid, "audit-unusable", $"{file} cannot be compared with: {exception.Message}", "Give a file that refresh audit --json has printed.");
        }
    }

    private static TimeSpan Away(string text) => Durations.Read(text)
        ?? throw new CommandFailure(ExitCodes.Usage, "max-away-invalid", $"--max-away is '{text}'; it must be a duration, for example 1h30m.");
}
