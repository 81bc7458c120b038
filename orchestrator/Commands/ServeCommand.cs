using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh serve</c>: the worker and its API.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "The configuration file, JSON; otherwise $REFRESH_CONFIG, otherwise none." };
        var fleets = new Option<string?>("--fleets") { Description = "The directory of fleet files, in place of the configuration's." };
        var listen = new Option<string[]>("--listen") { Description = "An address to listen on, in place of the configuration's: http://127.0.0.1:7878.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("serve", "Work on the runs of many fleets, and let a team do so through an API.") { config, fleets, listen };
        command.Do((context, parsed, cancellation) => ServeAsync(
            context, parsed.GetValue(config) ?? Environment.GetEnvironmentVariable("REFRESH_CONFIG"), [.. Told(parsed.GetValue(fleets), parsed.GetValue(listen) ?? [])], parsed.GetValue(GlobalOptions.Log), cancellation));
        return command;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Told(string? fleets, string[] listen)
    {
        if (fleets is not null)
            yield return new("fleets", fleets);
        if (listen.Length > 0)
            yield return new("listen", string.Join(',', listen));
    }

    private static async Task<int> ServeAsync(CommandContext context, string? file, List<KeyValuePair<string, string?>> told, string? log, CancellationToken cancellation)
    {
        var redaction = Redaction.OfEnvironment();
        var (settings, secrets, certificate) = await SetUpAsync(file, told, redaction, cancellation);
        secrets.SetEnvironment(settings);
        await using var journal = await context.OpenJournalAsync(redaction.Clean, cancellation);
        await using var app = ServeHost.Build(new ServeParts(
            settings, secrets, redaction, journal, CommandContext.Worker, CommandContext.Clock, CommandContext.NewId, ServeLog.Create(settings, redaction, log))
        { Certificate = certificate });
        await StartAsync(app, cancellation);
        foreach (var address in app.Urls)
            await context.Error.WriteLineAsync($"Listening on {address}. The fleets are those in {settings.Fleets}; the journal is {context.JournalPath}.");
        var reload = app.Services.GetRequiredService<Reload>();
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            reload.Now();
        });
        await app.WaitForShutdownAsync(cancellation);
        return ExitCodes.Done;
    }

    /// <summary>Reads settings, secrets and certificate, and tells what is wrong with any of them at once.</summary>
    private static async Task<(ServeSettings Settings, SecretStore Secrets, ServerCertificate? Certificate)> SetUpAsync(string? file, List<KeyValuePair<string, string?>> told, Redaction redaction, CancellationToken cancellation)
    {
        try
        {
            var (settings, mistakes) = ServeSettingsReader.Read(ServeConfiguration.Read(file, told));
            var (secrets, missing) = await SecretStore.OpenAsync(settings, redaction, cancellation);
            var certificate = settings.Certificate is { } named && secrets.Has(named.Password) ? new ServerCertificate(named, named.Password is { } password ? secrets.Get(password) : null) : null;
            List<string> all = [.. mistakes, .. missing];
            if (!mistakes.Any(mistake => mistake.StartsWith("certificate.", StringComparison.Ordinal)) && certificate?.Read() is { } wrong)
                all.Add(wrong);
            return all.Count == 0 ? (settings, secrets, certificate) : throw Invalid(all);
        }
        catch (InvalidDataException unreadable)
        {
            throw Invalid([unreadable.Message]);
        }
    }

    private static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException taken)
        {
            throw new CommandFailure(ExitCodes.Refused, "cannot-listen", $"It cannot listen: {taken.Message}", "End what listens there, or choose another address with --listen.");
        }
    }

    private static CommandFailure Invalid(IReadOnlyList<string> mistakes) =>
        new(CommandError.Of(ExitCodes.Invalid, "configuration-invalid", string.Join('\n', [.. mistakes, "The service was not started."]), "docs/serve.md explains every setting."));
}
