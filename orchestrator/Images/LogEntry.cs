using System.Text.Json.Serialization;
using Refresh.Orchestrator.Json;
using Refresh.Workflows.Images;

namespace Refresh.Orchestrator.Images;

/// <summary>Something that a person did with an image.</summary>
internal sealed record LogEntry
{
    public const string Added = "added";
    public const string Approved = "approved";
    public const string Revoked = "revoked";
    public const string Scanned = "scanned";

    private static readonly string[] s_kinds = [Added, Approved, Revoked, Scanned];

    /// <summary>Its place, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>What was done.</summary>
    public required string Kind { get; init; }

    /// <summary>The image's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>The digest of its content.</summary>
    public required string Digest { get; init; }

    /// <summary>The digest of its manifest as it was then; null of an image that was revoked when nobody knew it any more.</summary>
    public string? Manifest { get; init; }

    /// <summary>Why, in the words of the person; may be null.</summary>
    public string? Comment { get; init; }

    /// <summary>Where an image was added from; null otherwise.</summary>
    public string? From { get; init; }

    /// <summary>The digest of a scan report; null otherwise.</summary>
    public string? Report { get; init; }

    /// <summary>The hash of the line before.</summary>
    public string Previous { get; init; } = string.Empty;

    /// <summary>The image as it was then.</summary>
    [JsonIgnore]
    public ImageRef Image => new(Name, Version, Digest);

    /// <summary>Whether it is about this image, by name and version or by content: what a revocation goes by.</summary>
    public bool Concerns(ImageRef image) => Image.SharesWith(image);

    /// <exception cref="FormatException">It is damaged, or fields are missing or wrong.</exception>
    public static LogEntry Parse(ReadOnlyMemory<byte> line) => JsonFields.Read(
        line,
        fields =>
        {
            var kind = fields.Text("kind");
            if (kind.Length > 0 && !s_kinds.Contains(kind, StringComparer.Ordinal))
                fields.FailAt("kind", $"is '{kind}', which is not known");
            return new LogEntry
            {
                Sequence = fields.Number("sequence"),
                At = fields.Instant("at"),
                By = fields.Text("by"),
                Kind = kind,
                Name = fields.Text("name"),
                Version = fields.Text("version"),
                Digest = fields.Text("digest", Images.Manifest.DigestForm, "'sha256:' and 64 lower-case hexadecimal digits"),
                Manifest = fields.OptionalText("manifest", Images.Manifest.DigestForm, "'sha256:' and 64 lower-case hexadecimal digits"),
                Comment = fields.OptionalText("comment"),
                From = fields.OptionalText("from"),
                Report = fields.OptionalText("report", Images.Manifest.DigestForm, "'sha256:' and 64 lower-case hexadecimal digits"),
                Previous = fields.Text("previous", Images.Manifest.DigestForm, "'sha256:' and 64 lower-case hexadecimal digits"),
            };
        },
        places: true);
}
