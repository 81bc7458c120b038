using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Refresh.Orchestrator.Serving.Access;

namespace Refresh.Orchestrator.Serving.Secrets;

/// <summary>Takes secrets out of whatever is written down or shown: logs, journal, answers, reports.</summary>
internal sealed partial class Redaction
{
    /// <summary>The shortest text that is taken for a secret.</summary>
    public const int Least = 8;

    private const string Mark = "[redacted]";
    private static readonly string[] s_telltale = ["PASSWORD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "API_KEY", "ACCESS_KEY", "PRIVATE_KEY"];
    private volatile SearchValues<string>? _search;
    private volatile string[] _secrets = [];

    /// <summary>A redaction that knows the environment's variables that are named like secrets.</summary>
    public static Redaction OfEnvironment()
    {
        var redaction = new Redaction();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = ((string)variable.Key).ToUpperInvariant();
            if (s_telltale.Any(part => name.EndsWith(part, StringComparison.Ordinal)) && variable.Value is string value && !File.Exists(value))
                redaction.Learn(value);
        }

        return redaction;
    }

    /// <summary>Learns a secret, in each form in which it may be written; too short a text is none.</summary>
    public void Learn(string secret)
    {
        if (secret.Length < Least)
            return;
        string[] forms =
        [
            secret,
            .. secret.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line.Length >= Least),
            JsonSerializer.Serialize(secret)[1..^1],
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
            Uri.EscapeDataString(secret),
        ];
        // What opens a webhook is the path of its address.
        if (Uri.TryCreate(secret, UriKind.Absolute, out var address) && address.PathAndQuery is { Length: > 2 * Least } path && path.StartsWith('/'))
            Learn(path[1..]);
        lock (this)
        {
            // The longest first, so that no part of one is left standing.
            _secrets = [.. _secrets.Concat(forms).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
            _search = SearchValues.Create(_secrets, StringComparison.Ordinal);
        }
    }

    /// <summary>The bytes of a text without secrets; bytes that hold none are left as they are.</summary>
    public byte[] Clean(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var clean = Clean(text);
        return ReferenceEquals(text, clean) ? bytes : Encoding.UTF8.GetBytes(clean);
    }

    /// <summary>The text without secrets.</summary>
    public string Clean(string text)
    {
        if (_search is { } search && text.AsSpan().ContainsAny(search))
        {
            foreach (var secret in _secrets)
                text = text.Replace(secret, Mark, StringComparison.Ordinal);
        }

        // Of a token its hash alone is known, so it is known by its form.
        return text.Contains(TokenText.Prefix, StringComparison.Ordinal) ? Token().Replace(text, Mark) : text;
    }

    [GeneratedRegex(TokenText.Prefix + "[A-Za-z0-9]{40}")]
    private static partial Regex Token();
}
