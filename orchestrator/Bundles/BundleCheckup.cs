using System.Text.Json;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Bundles;

/// <summary>Checks a bundle with nothing but the bundle: signature, hash chain, fold, claims, page. It stops at the first that does not hold.</summary>
internal sealed class BundleCheckup
{
    /// <summary>What is said of a bundle without a signature.</summary>
    public const string Unsigned = "IT IS NOT SIGNED: anybody can have written it";

    private readonly List<BundleCheck> _checks = [];
    private bool _signed;
    private string? _caution;

    private BundleCheckup()
    {
    }

    /// <summary>Checks it.</summary>
    /// <param name="file">The bundle.</param>
    /// <param name="trusted">Keys that are believed; null where who checks names none.</param>
    public static BundleVerdict Check(ReadOnlyMemory<byte> file, TrustedKeys? trusted) => new BundleCheckup().Run(file, trusted);

    private BundleVerdict Run(ReadOnlyMemory<byte> file, TrustedKeys? trusted)
    {
        if (Try("file", () => (Envelope.Read(file), "it is whole")) is not { } envelope
            || Try("signature", () => Signature(envelope, trusted)) is null
            || Try("form", () => (Statement.Read(envelope.Payload), $"it has the form {Statement.Format}")) is not { } statement
            || Try("valid", () => Validity(statement, trusted, envelope)) is null
            || Try("chain", () => Chain(statement)) is not { } entries
            || Try("fold", () => Fold(statement, entries)) is null
            || Try("claims", () => Follow(statement, entries)) is not { } claims
            || Try("page", () => Page(statement, RunReport.From(entries), claims)) is not { } told)
            return new BundleVerdict(_checks, false, null, null);
        return new BundleVerdict(_checks, _signed, claims, told.Report) { Caution = _caution, Page = told.Page, Answers = told.Answers };
    }

    private T? Try<T>(string name, Func<(T, string)> check)
        where T : class
    {
        try
        {
            var (result, detail) = check();
            _checks.Add(new BundleCheck(name, true, detail));
            return result;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Entries that nobody's decisions made can break a fold anywhere and in any way.
            _checks.Add(new BundleCheck(name, false, exception is FormatException or JournalException or JsonException ? exception.Message : $"its entries contradict each other: {exception.Message}"));
            return null;
        }
    }

    private (object, string) Signature(Envelope envelope, TrustedKeys? trusted)
    {
        if (envelope.Signatures.Count == 0)
            return trusted is null ? (envelope, Unsigned) : throw new FormatException("it is not signed, and a key was named");
        foreach (var signature in envelope.Signatures.Where(signature => !envelope.IsSignedBy(signature, signature.PublicKey)))
            throw new FormatException($"the signature by {Fingerprint(signature.PublicKey)} is not of this content: it was changed after it was signed");
        if (trusted is null)
            return (envelope, $"it is signed by {Fingerprint(envelope.Signatures[0].PublicKey)}, WHICH NOBODY VOUCHES FOR: name the key that it should be with --key");
        var known = envelope.Signatures.Select(signature => trusted.Keys.FirstOrDefault(key => key.PublicKey.AsSpan().SequenceEqual(signature.PublicKey))).FirstOrDefault(key => key is not null)
            ?? throw new FormatException($"it is signed by {Fingerprint(envelope.Signatures[0].PublicKey)}, which is not the key that was named");
        _signed = true;
        return (envelope, $"it is signed by {known.Id}, {Fingerprint(known.PublicKey)}");
    }

    private (object, string) Validity(Statement statement, TrustedKeys? trusted, Envelope envelope)
    {
        // Whoever has a revoked key would date a bundle back.
        if (statement.Entries.Select(entry => Instant.Read(entry.Text.At)).DefaultIfEmpty(statement.MadeAt).Max() is var last && last > statement.MadeAt)
            throw new FormatException($"it says that it was made at {statement.MadeAt:O}, before its last entry, which is of {last:O}");
        var key = trusted?.Keys.FirstOrDefault(one => envelope.Signatures.Any(signature => one.PublicKey.AsSpan().SequenceEqual(signature.PublicKey)));
        if (key is not null && (statement.MadeAt < key.NotBefore || statement.MadeAt > key.NotAfter || statement.MadeAt >= key.RevokedAt))
            throw new FormatException($"it says that it was made at {statement.MadeAt:u}, when key {key.Id} was not valid");
        if (key?.RevokedAt is { } revoked)
            _caution = $"key {key.Id} WAS REVOKED at {revoked:u}{(key.Why is { } why ? $" ({why})" : string.Empty)}: whoever has it can date a bundle back, so believe this one only if it was in your hands before then";
        return (statement, $"it was made at {statement.MadeAt:u} by {statement.MadeBy}, with Refresh {statement.Tool}{(_caution is null ? string.Empty : $"; {_caution}")}");
    }

    private static (IReadOnlyList<JournalEntry>, string) Chain(Statement statement)
    {
        var previous = HashChain.Start;
        foreach (var (index, (text, hash)) in statement.Entries.Index())
        {
            if (text.Sequence != index + 1)
                throw new FormatException(FormattableString.Invariant($"entry {index + 1} is missing: {text.Sequence} stands in its place"));
            if (text.Run != statement.Entries[0].Text.Run)
                throw new FormatException(FormattableString.Invariant($"entry {text.Sequence} is of run {text.Run}, the first of {statement.Entries[0].Text.Run}"));
            if (index > 0 && text.Epoch < statement.Entries[index - 1].Text.Epoch)
                throw new FormatException(FormattableString.Invariant($"entry {text.Sequence} was written by a worker of an earlier epoch than the one before"));
            previous = text.HashAfter(previous);
            if (previous != hash)
                throw new FormatException(FormattableString.Invariant($"entry {text.Sequence} does not match its hash"));
        }

        if (previous != statement.LastHash)
            throw new FormatException(FormattableString.Invariant($"the chain ends at entry {statement.Entries.Count} with another hash than the one that is claimed: entries at the end are missing"));
        return (statement.Journal(), $"{Counted.Of(statement.Entries.Count, "entry", "entries")}, each with the hash of the one before, end with {statement.LastHash}");
    }

    private static (object, string) Fold(Statement statement, IReadOnlyList<JournalEntry> entries)
    {
        if (entries is not [{ Event: RunPlanned planned } first, ..])
            throw new FormatException("the entries do not begin with the plan of a run");
        var run = RunFold.Begin(planned, first.At);
        foreach (var entry in entries.Skip(1))
        {
            if (entry.Event is RunPlanned)
                throw new FormatException(FormattableString.Invariant($"entry {entry.Sequence} plans a run in the middle of one"));
            run = After(run, entry);
        }

        var claimed = statement.Claims.TryGetProperty("state", out var state) && state.ValueKind == JsonValueKind.String ? state.GetString() : null;
        return claimed == run.State.ToString() ? (run, $"the entries lead to {run.State}") : throw new FormatException($"the entries lead to {run.State}, and {claimed ?? "nothing"} is claimed");
    }

    private static Run After(Run run, JournalEntry entry)
    {
        try
        {
            return run.Apply(entry.Event, entry.At);
        }
        catch (Exception contradiction) when (contradiction is not OutOfMemoryException)
        {
            var what = entry.Event is OutcomeRecorded { Outcome: { } outcome } recorded ? $"outcome {outcome.GetType().Name} of {recorded.Intent}" : entry.Event.GetType().Name;
            throw new FormatException(FormattableString.Invariant($"entry {entry.Sequence}, {what}, cannot follow the entries before it"), contradiction);
        }
    }

    private static (Claims, string) Follow(Statement statement, IReadOnlyList<JournalEntry> entries)
    {
        var claims = Claims.Of(entries);
        if (JsonDifference.First(statement.Claims, Statement.Write(claims), string.Empty, statement.MustClaim) is { } difference)
            throw new FormatException($"what is claimed does not follow from the entries: {difference}");
        return (claims, "all that is claimed follows from the entries");
    }

    // Told here, where entries that cannot be told end nothing.
    private static (Told, string) Page(Statement statement, RunReport report, Claims claims)
    {
        var told = new Told(report, HtmlReport.Render(report, null), [.. EvidenceAnswers.Of(claims, report)]);
        if (statement.Tool != Statement.ThisTool)
            return (told, $"the page in it was made by Refresh {statement.Tool}, AND IS NOT COMPARED: read the one that --html writes, which is made from the entries");
        return statement.Page == told.Page
            ? (told, "the page is the one that the entries give")
            : throw new FormatException("the page is not the one that the entries give");
    }

    private sealed record Told(RunReport Report, string Page, IReadOnlyList<string> Answers);

    /// <summary>A key by its fingerprint, as SSH writes one.</summary>
    internal static string Fingerprint(ReadOnlySpan<byte> publicKey) =>
        $"SHA256:{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(publicKey)).TrimEnd('=')}";
}
