using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Settings;
using Xunit;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>Fleet files to begin with, and what comes of reading one.</summary>
internal static class Texts
{
    public const string Good = """
        apiVersion: refresh/v1
        kind: Fleet
        name: shop
        image: web@1.1.0
        images: ./images
        balancer:
          haproxy:
            sockets: [unix:/run/haproxy/admin.sock]
            backend: web
        probes:
          - http: { path: /health }
        provisioner:
          lab: { url: "http://127.0.0.1:9000" }
        drain: { timeout: 5m, interval: 1s }
        pairs:
          - name: web-1
            members:
              - { name: a, address: 10.0.0.11:8080, server: web-1-a, vm: web-1-a }
              - { name: b, address: 10.0.0.12:8080, server: web-1-b, vm: web-1-b }
          - name: web-2
            members:
              - name: web-2-a
                address: 10.0.0.13:8080
              - name: web-2-b
                address: 10.0.0.14:8080

        """;

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The good file with one text in place of another, which it must hold.</summary>
    public static string With(string old, string replacement)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        return Good.Replace(old, replacement, StringComparison.Ordinal);
    }

    public static FleetFileResult Parse(string text) => FleetFile.Parse(text, "fleet.yaml");

    public static string Mistakes(string text) => string.Join('\n', Parse(text).Lines());

    public static FleetDefinition Definition(string text, string path = "fleet.yaml")
    {
        var result = FleetFile.Parse(text, path);
        Assert.True(result.IsGood, string.Join('\n', result.Lines()));
        return result.Definition;
    }

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Refresh.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests run inside the repository.");
        return directory;
    }
}
