using Refresh.Orchestrator.Serving.Audits;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Notices;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Configuration;

/// <summary>How the service is set up; docs/serve.md has the table.</summary>
internal sealed record ServeSettings
{
    /// <summary>The directory of fleet files.</summary>
    public required string Fleets { get; init; }

    /// <summary>Where it listens: loopback unless told otherwise.</summary>
    public required IReadOnlyList<Uri> Listen { get; init; }

    /// <summary>The certificate of https addresses; null for none.</summary>
    public CertificateSettings? Certificate { get; init; }

    /// <summary>Whether it may listen beyond loopback without TLS, because something in front of it has TLS.</summary>
    public bool PlainBeyondLoopback { get; init; }

    /// <summary>Proxies that are believed whom they call for.</summary>
    public IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How long a stop waits for members that are under way.</summary>
    public TimeSpan StopWithin { get; init; }

    /// <summary>Time between two looks at the fleet files and at what waits.</summary>
    public TimeSpan LookEvery { get; init; }

    /// <summary>Time between two looks at the catalogues of fleets that new images start runs of.</summary>
    public TimeSpan ImagesEvery { get; init; }

    /// <summary>What a caller may ask for.</summary>
    public required LimitSettings Limits { get; init; }

    /// <summary>Where traces go.</summary>
    public required TelemetrySettings Telemetry { get; init; }

    /// <summary>The least that is logged.</summary>
    public Serilog.Events.LogEventLevel LogLevel { get; init; }

    /// <summary>Who may talk to it by webhook, and as whom.</summary>
    public ChatSettings Chat { get; init; } = new();

    /// <summary>Who is told what.</summary>
    public NoticeSettings Notices { get; init; } = new([]);

    /// <summary>When it audits its fleets; null for never.</summary>
    public AuditSettings? Audit { get; init; }

    /// <summary>Secrets by name.</summary>
    public IReadOnlyDictionary<string, SecretSource> Secrets { get; init; } = new Dictionary<string, SecretSource>();

    /// <summary>Environment variables that programs which Refresh starts are given, and where their values come from.</summary>
    public IReadOnlyDictionary<string, SecretSource> Environment { get; init; } = new Dictionary<string, SecretSource>();
}

/// <summary>A certificate with its key, PEM or PKCS #12.</summary>
/// <param name="File">The certificate, with its chain.</param>
/// <param name="Key">The key in PEM; null when it is in <paramref name="File"/>.</param>
/// <param name="Password">The password of the key; null for none.</param>
internal sealed record CertificateSettings(string File, string? Key, SecretSource? Password);

/// <summary>Limits on what a caller may ask for.</summary>
/// <param name="BodyBytes">The largest body.</param>
/// <param name="UploadBytes">The largest image or scan report that is sent, packed and unpacked.</param>
/// <param name="HeadersWithin">How long the head of a request may take to arrive.</param>
/// <param name="RequestsPerMinute">Requests of one token, or of one address without a token.</param>
/// <param name="EventStreams">Event streams that are open at once.</param>
/// <param name="Connections">Connections that are open at once.</param>
internal sealed record LimitSettings(int BodyBytes, long UploadBytes, TimeSpan HeadersWithin, int RequestsPerMinute, int EventStreams, int Connections);

/// <summary>Where traces go.</summary>
/// <param name="Otlp">The OTLP endpoint; null for none.</param>
/// <param name="Protocol"><c>grpc</c> or <c>http/protobuf</c>.</param>
internal sealed record TelemetrySettings(Uri? Otlp, string Protocol);
