using System.Net;
using Microsoft.Extensions.Configuration;
using Refresh.Orchestrator.Serving.Audits;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Notices;
using Refresh.Orchestrator.Serving.Secrets;
using Serilog.Events;

namespace Refresh.Orchestrator.Serving.Configuration;

/// <summary>Makes settings of a configuration, or tells every mistake in it.</summary>
internal static class ServeSettingsReader
{
    private const int Kibibyte = 1024;

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <returns>The settings, which are good for use only when there is no mistake. The mistakes, in the order of the settings.</returns>
    public static (ServeSettings Settings, IReadOnlyList<string> Mistakes) Read(IConfigurationRoot configuration)
    {
        var mistakes = new List<string>();
        var root = new SettingReader(configuration, string.Empty, mistakes);
        var secrets = new SecretReader(configuration);
        var settings = new ServeSettings
        {
            Fleets = Directory(root),
            Listen = Listen(root),
            Certificate = root.Section("certificate", section => Certificate(section, secrets)),
            PlainBeyondLoopback = root.Truth("plainBeyondLoopback"),
            TrustedProxies = Proxies(root),
            StopWithin = root.Duration("stopWithin", TimeSpan.FromMinutes(2), TimeSpan.Zero),
            LookEvery = root.Duration("lookEvery", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50)),
            ImagesEvery = root.Duration("imagesEvery", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(50)),
            Limits = root.Section("limits", Limits),
            Telemetry = root.Section("telemetry", Telemetry),
            Audit = root.Section("audit", AuditSettings.Read),
            LogLevel = root.Section("log", Level),
            Chat = new ChatSettingsReader(secrets).Read(root),
            Notices = new NoticeSettingsReader(secrets).Read(root),
            Secrets = secrets.Entries(root, "secrets"),
            Environment = secrets.Entries(root, "environment"),
        };
        root.Close();
        RefuseOpenDoors(root, settings);
        RefuseUnknownChannels(root, settings);
        return (settings, mistakes);
    }

    private static string Directory(SettingReader root)
    {
        var directory = root.Text("fleets");
        if (directory is null)
            root.Wrong("fleets", "is missing: the directory with the fleet files");
        else if (!System.IO.Directory.Exists(directory))
            root.Wrong("fleets", $"is {directory}, and there is no such directory");
        return Path.GetFullPath(directory ?? ".");
    }

    private static IReadOnlyList<Uri> Listen(SettingReader root)
    {
        var texts = root.Texts("listen");
        var addresses = new List<Uri>();
        foreach (var text in texts.Count > 0 ? texts : ["http://127.0.0.1:7878"])
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { PathAndQuery: "/", UserInfo: "" })
                addresses.Add(address);
            else
                root.Wrong("listen", $"has '{text}', which is not an address such as http://127.0.0.1:7878 or https://0.0.0.0:7878");
        }

        return addresses;
    }

    private static CertificateSettings? Certificate(SettingReader section, SecretReader secrets)
    {
        var (file, key, password) = (section.Text("file"), section.Text("key"), secrets.Optional(section, "password"));
        foreach (var (name, path) in new[] { ("file", file), ("key", key) })
        {
            if (path is not null && !File.Exists(path))
                section.Wrong(name, $"is {path}, and there is no such file");
        }

        if (file is null && (key is not null || password is not null))
            section.Wrong("file", "is missing");
        return file is null ? null : new CertificateSettings(file, key, password);
    }

    private static List<IPNetwork> Proxies(SettingReader root)
    {
        var proxies = new List<IPNetwork>();
        foreach (var text in root.Texts("trustedProxies"))
        {
            if (IPAddress.TryParse(text, out var address))
                proxies.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(text, out var network))
                proxies.Add(network);
            else
                root.Wrong("trustedProxies", $"has '{text}', which is not an address or a network such as 10.0.0.7 or 10.0.0.0/24");
        }

        return proxies;
    }

    private static LimitSettings Limits(SettingReader section) => new(
        section.Number("bodyBytes", 64 * Kibibyte, Kibibyte, 64 * Kibibyte * Kibibyte),
        (long)section.Number("uploadMebibytes", Kibibyte, 1, 64 * Kibibyte) * Kibibyte * Kibibyte,
        section.Duration("headersWithin", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100)),
        section.Number("requestsPerMinute", 600, 1, 1_000_000),
        section.Number("eventStreams", 2000, 1, 100_000),
        section.Number("connections", 5000, 1, 1_000_000));

    private static TelemetrySettings Telemetry(SettingReader section)
    {
        var protocol = section.Text("protocol") ?? "grpc";
        if (protocol is not ("grpc" or "http/protobuf"))
            section.Wrong("protocol", $"is '{protocol}' and must be grpc or http/protobuf");
        Uri? otlp = null;
        if (section.Text("otlp") is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out otlp) || otlp.Scheme is not ("http" or "https")))
            section.Wrong("otlp", $"is '{text}', which is not an address such as http://127.0.0.1:4317");
        return new TelemetrySettings(otlp, protocol);
    }

    private static LogEventLevel Level(SettingReader section)
    {
        if (section.Text("level") is not { } text)
            return LogEventLevel.Information;
        if (!Enum.TryParse<LogEventLevel>(text, ignoreCase: true, out var level) || int.TryParse(text, out _))
            section.Wrong("level", $"is '{text}' and must be one of {string.Join(", ", Enum.GetNames<LogEventLevel>())}");
        return level;
    }

    /// <summary>Beyond loopback a token would cross the network: that needs TLS, or somebody who says that it is there.</summary>
    private static void RefuseOpenDoors(SettingReader root, ServeSettings settings)
    {
        foreach (var address in settings.Listen)
        {
            if (address.Scheme == "https" && settings.Certificate is null)
                root.Wrong("listen", $"has {address}, and certificate.file is missing");
            else if (address.Scheme == "http" && !IsLoopback(address) && !settings.PlainBeyondLoopback)
                root.Wrong("listen", $"has {address}, which others can reach without TLS: use https with a certificate, listen on 127.0.0.1, or set plainBeyondLoopback to true where something in front of it has TLS");
        }
    }

    private static void RefuseUnknownChannels(SettingReader root, ServeSettings settings)
    {
        var known = settings.Notices.Channels.Select(channel => channel.Name).ToList();
        foreach (var hook in settings.Chat.Hooks.Values.Where(hook => hook.AnswerIn is { } channel && !known.Contains(channel, StringComparer.Ordinal)))
            root.Wrong($"webhooks.{hook.Name}.answerIn", $"is '{hook.AnswerIn}', and there is no such channel in notifications");
    }

    private static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
