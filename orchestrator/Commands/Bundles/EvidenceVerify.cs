using System.CommandLine;
using NSec.Cryptography;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Images.Signing;

namespace Refresh.Orchestrator.Commands.Bundles;

/// <summary><c>refresh evidence verify</c>: checks a bundle offline, and answers what an auditor asks.</summary>
internal static class EvidenceVerify
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The bundle." };
        var key = new Option<string?>("--key") { Description = "The public key that it must be signed by: base64, or a file with keys." };
        var unsigned = new Option<bool>("--allow-unsigned") { Description = "Let a bundle hold that nobody signed." };
        var html = new Option<string?>("--html") { Description = "Write the report to this file, made from the entries, if everything holds." };
        var command = new Command("verify", "Check a bundle with nothing but the bundle: signature, hash chain, and that all it claims follows from its entries.") { file, key, unsigned, html };
        command.Do(async (context, parsed, cancellation) =>
        {
            var trusted = parsed.GetValue(key) is { } told ? await TrustedAsync(told, cancellation) : null;
            var verdict = await CheckAsync(parsed.GetRequiredValue(file), trusted, parsed.GetValue(unsigned), cancellation);
            if (parsed.GetValue(html) is { } page && verdict.Page is { } text)
                await OutputFile.WriteAsync(page, text, replace: true, cancellation);
            if (context.Json)
                await context.Output.WriteJsonAsync(new { File = parsed.GetRequiredValue(file), verdict.Holds, verdict.Signed, verdict.Caution, verdict.Fault, verdict.Checks, verdict.Claims });
            else
                Show(Screen.Of(context), verdict);
            return verdict.Holds ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<BundleVerdict> CheckAsync(string file, TrustedKeys? trusted, bool unsigned, CancellationToken cancellation)
    {
        if (new FileInfo(file) is { Exists: true, Length: > EvidenceBundle.MaxBytes } large)
            return new BundleVerdict([new BundleCheck("file", false, FormattableString.Invariant($"it has {large.Length / 1048576} MiB, and a bundle has at most {EvidenceBundle.MaxBytes / 1048576}"))], false, null, null);
        var verdict = BundleCheckup.Check(await File.ReadAllBytesAsync(file, cancellation), trusted);
        return verdict.Checks is [_, { Name: "signature", Holds: true, Detail: var detail }, ..] && !unsigned && trusted is null && detail == BundleCheckup.Unsigned
            ? verdict with { Checks = [.. verdict.Checks.Select(check => check.Name == "signature" ? check with { Holds = false } : check)], Claims = null, Report = null, Page = null, Answers = [] }
            : verdict;
    }

    private static void Show(Screen screen, BundleVerdict verdict)
    {
        foreach (var check in verdict.Checks)
            screen.Line($"{(check.Holds ? "ok   " : "WRONG")} {check.Name,-9} {check.Detail}", !check.Holds ? Shade.Bad : check.Name == "signature" && !verdict.Signed ? Shade.Warning : Shade.Good);
        screen.Line();
        if (verdict.Fault is { } fault)
            screen.Line($"It does not hold. The first that does not: {fault.Name}: {fault.Detail}.", Shade.Bad);
        else if (verdict.Caution is { } caution)
            screen.Line($"It holds, but {caution}.", Shade.Bad);
        else
            screen.Line(verdict.Signed ? "It holds." : "It holds together, but no key that you named vouches for it.", verdict.Signed ? Shade.Good : Shade.Warning);
        if (verdict.Answers.Count > 0)
            screen.Line();
        foreach (var line in verdict.Answers)
            screen.Line(line);
    }

    private static async Task<TrustedKeys> TrustedAsync(string told, CancellationToken cancellation)
    {
        var bytes = new byte[told.Length];
        if (Convert.TryFromBase64String(told, bytes, out var length) && length == SignatureAlgorithm.Ed25519.PublicKeySize)
            return new TrustedKeys([new TrustedKey("the key that was named", bytes[..length], null, null, null, null)]);
        try
        {
            return await SmallFile.ReadAsync(told, TrustedKeys.Parse, cancellation);
        }
        catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Refused, "key-unusable", $"{told} is no public key in base64, and no file with keys: {problem.Message}", "refresh evidence key writes FILE.pub, and prints the public key.");
        }
    }
}
