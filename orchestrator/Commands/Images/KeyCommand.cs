using System.CommandLine;
using System.Globalization;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Reports;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image key</c>: makes keys, and says which are trusted.</summary>
internal static class KeyCommand
{
    private static readonly Option<string?> s_keys = new("--keys") { Description = "The file with the trusted keys; otherwise the policy's, otherwise trusted-keys.json in the directory of the images.", Recursive = true };

    public static Command Create() => new("key", "Make keys that sign images, and say which are trusted.") { s_keys, New(), List(), Revoke() };

    private static Command New()
    {
        var id = new Argument<string>("id") { Description = "The key's name, for example build-2026." };
        var file = new Option<string>("--private") { Description = "The new file for the private key; its owner alone may read it.", Required = true };
        var until = Instant("--until", "Signatures from after that instant do not count.");
        var command = new Command("new", "Make a key; its public half is trusted from now on.") { id, file, until };
        command.Do(async (context, parsed, cancellation) =>
        {
            var trusted = await KeyRing.OpenAsync(await FileOfAsync(context, parsed, cancellation), cancellation);
            using var key = SigningKey.Create(parsed.GetRequiredValue(id));
            trusted.Add(key.Id, key.PublicKey, CommandContext.Clock.GetUtcNow(), parsed.GetValue(until));
            await KeyRing.WriteAsync(key, parsed.GetRequiredValue(file), cancellation);
            await trusted.SaveAsync(cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(new { key.Id, PublicKey = Convert.ToBase64String(key.PublicKey), Private = Path.GetFullPath(parsed.GetRequiredValue(file)), Keys = trusted.File });
            else
                Screen.Of(context).Line($"Made key {key.Id}: the private half is in {parsed.GetRequiredValue(file)}, and {trusted.File} trusts the public half.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the trusted keys.");
        command.Do(async (context, parsed, cancellation) =>
        {
            var trusted = await KeyRing.OpenAsync(await FileOfAsync(context, parsed, cancellation), cancellation);
            foreach (var key in context.Json ? trusted.Keys : [])
                await context.Output.WriteJsonAsync(key);
            if (!context.Json)
                Screen.Of(context).Table(["KEY", "FROM", "UNTIL", "REVOKED"], [.. trusted.Keys.Select(key => new Cell[] { key.Id, Instants.Full(key.NotBefore), key.NotAfter is null ? "" : Instants.Full(key.NotAfter), Revoked(key) })]);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Cell Revoked(TrustedKey key) =>
        key.RevokedAt is { } at ? new($"{Instants.Full(at)}{(key.Why is null ? string.Empty : $": {key.Why}")}", Shade.Bad) : new(string.Empty);

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "The key." };
        var from = Instant("--from", "From when on its signatures do not count; otherwise from now.");
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var command = new Command("revoke", "Trust a key no longer: signatures from then on, and of images that were not in the catalogue by then, do not count.") { id, from, reason };
        command.Do(async (context, parsed, cancellation) =>
        {
            var trusted = await KeyRing.OpenAsync(await FileOfAsync(context, parsed, cancellation), cancellation);
            var at = parsed.GetValue(from) ?? CommandContext.Clock.GetUtcNow();
            trusted.Revoke(parsed.GetRequiredValue(id), at, parsed.GetRequiredValue(reason));
            await trusted.SaveAsync(cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(new { Id = parsed.GetRequiredValue(id), RevokedAt = at, Keys = trusted.File });
            else
                Screen.Of(context).Line($"Key {parsed.GetRequiredValue(id)} is revoked from {Instants.Full(at)} on, in {trusted.File}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = $"{description} An instant with its offset, for example 2026-11-02T08:00:00Z.",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                return at;
            result.AddError($"{name} is not an instant, such as 2026-11-02T08:00:00Z.");
            return null;
        },
    };

    private static async Task<string> FileOfAsync(CommandContext context, ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(s_keys) is { } told)
            return Path.GetFullPath(told);
        var catalogue = await CatalogueOptions.OpenHereAsync(context, parsed, cancellation);
        return catalogue.Policies.Select(policy => policy.Keys).DefaultIfEmpty().Distinct().ToList() is [var only]
            ? only ?? Path.Combine(catalogue.Settings.Directory, TrustedKeys.FileName)
            : throw new CommandFailure(ExitCodes.Usage, "keys-unclear", "The policies of these images trust keys of different files.", "Name the file that is meant with --keys; nothing was changed.");
    }
}
