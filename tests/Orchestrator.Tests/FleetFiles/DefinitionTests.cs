using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Xunit;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>What a good fleet file says is what the definition holds.</summary>
public sealed class DefinitionTests
{
    private static readonly MemberId A = new("web-1", "a");

    [Fact]
    public void The_order_of_pairs_and_members_is_that_of_the_file()
    {
        var fleet = Texts.Definition(Texts.Good).Fleet;
        Assert.Equal("shop", fleet.Name);
        Assert.Equal(["web-1/a", "web-1/b", "web-2/web-2-a", "web-2/web-2-b"], fleet.Members().Select(member => member.Id.ToString()));
        Assert.Equal(new Endpoint("10.0.0.11", 8080), fleet.Pairs[0].First.Address);
    }

    [Fact]
    public void What_the_file_leaves_out_has_the_default_of_its_policy() =>
        Assert.Equal(new RefreshPolicy(), Texts.Definition(Texts.Good).Fleet.Policy);

    [Fact]
    public void Every_key_of_the_policy_is_read()
    {
        const string text = """
            canary: { pairs: 2, bake: 1m }
            waves: { size: 3, maxPairsAtOnce: 5, bake: 2m }
            failureBudget: { pairs: 1, members: 2 }
            guard: { timeout: 3m, interval: 4s, maxAge: 20s }
            drain: { timeout: 6m, interval: 7s, emptyPolls: 8, onTimeout: cut }
            rebuild: { timeout: 9m, retries: 2 }
            verify: { timeout: 11m, passes: 4, interval: 12s }
            rejoin: { timeout: 13m }
            soak: { duration: 14m, interval: 15s, badLooks: 4 }
            watch: { interval: 16s, badLooks: 5 }
            strategy: recreate
            approval: required
            """;
        var expected = new RefreshPolicy
        {
            Canary = new() { Pairs = 2, Bake = TimeSpan.FromMinutes(1) },
            Waves = new() { Size = 3, MaxPairsAtOnce = 5, Bake = TimeSpan.FromMinutes(2) },
            FailureBudget = new() { Pairs = 1, Members = 2 },
            Guard = new() { Timeout = TimeSpan.FromMinutes(3), Interval = TimeSpan.FromSeconds(4), MaxAge = TimeSpan.FromSeconds(20) },
            Drain = new() { Timeout = TimeSpan.FromMinutes(6), Interval = TimeSpan.FromSeconds(7), EmptyPolls = 8, OnTimeout = DrainTimeoutAction.Cut },
            Rebuild = new() { Timeout = TimeSpan.FromMinutes(9), Retries = 2 },
            Verify = new() { Timeout = TimeSpan.FromMinutes(11), Passes = 4, Interval = TimeSpan.FromSeconds(12) },
            Rejoin = new() { Timeout = TimeSpan.FromMinutes(13) },
            Soak = new() { Duration = TimeSpan.FromMinutes(14), Interval = TimeSpan.FromSeconds(15), BadLooks = 4 },
            Watch = new() { Interval = TimeSpan.FromSeconds(16), BadLooks = 5 },
            ApprovalRequired = true,
        };
        Assert.Equal(expected, Texts.Definition(Texts.With("drain: { timeout: 5m, interval: 1s }", text)).Fleet.Policy);
    }

    [Theory]
    [InlineData("web", "web", null)]
    [InlineData("web@1.1.0", "web", "1.1.0")]
    [InlineData("{ name: web }", "web", null)]
    [InlineData("{ name: web, version: 1.1.0 }", "web", "1.1.0")]
    [InlineData("{ name: web, version: \"1.10\" }", "web", "1.10")]
    public void An_image_is_written_short_or_long(string text, string name, string? version) =>
        Assert.Equal(new ImageChoice(name, version), Texts.Definition(Texts.With("web@1.1.0", text)).Image);

    [Fact]
    public void Relative_paths_start_from_the_fleet_file()
    {
        var text = Texts.With("unix:/run/haproxy/admin.sock", "unix:run/haproxy.sock")
            .Replace("http: { path: /health }", "http: { tls: true, tlsCa: ../ca.pem }\n  - command: { run: [./check.sh, ./as-is] }", StringComparison.Ordinal);
        var definition = Texts.Definition(text, "/etc/refresh/fleet.yaml");
        Assert.Equal("/etc/refresh/fleet.yaml", definition.Path);
        Assert.Equal("/etc/refresh/images", definition.Images.Directory);
        Assert.Equal([new HAProxySockets("unix:/etc/refresh/run/haproxy.sock")], Assert.IsType<HAProxySettings>(definition.Balancer).Sockets);
        Assert.Equal("/etc/ca.pem", Assert.IsType<HttpProbeSettings>(definition.Probes[0]).TlsCa);
        Assert.Equal(["/etc/refresh/check.sh", "./as-is"], Assert.IsType<CommandProbeSettings>(definition.Probes[1]).Run);
    }

    [Fact]
    public void A_member_is_known_to_HAProxy_and_the_lab_by_its_own_key_or_else_by_its_name()
    {
        var definition = Texts.Definition(Texts.With("server: web-1-b", "backend: other"));
        var servers = Assert.IsType<HAProxySettings>(definition.Balancer).Servers;
        Assert.Equal(["web/web-1-a", "other/b", "web/web-2-a", "web/web-2-b"], definition.Fleet.Members().Select(member => servers[member.Id].ToString()));
        var vms = Assert.IsType<LabSettings>(definition.Provisioner).Vms;
        Assert.Equal(["web-1-a", "web-1-b", "web-2-a", "web-2-b"], definition.Fleet.Members().Select(member => vms[member.Id]));
    }

    [Fact]
    public void Every_key_of_HAProxy_is_read()
    {
        var text = Texts.With("    backend: web\n", "    backend: web\n    drain: weight\n    rejoinWeights: [10, 100]\n    rejoinInterval: 3s\n    commandTimeout: 4s\n")
            .Replace("[unix:/run/haproxy/admin.sock]", "[unix:/a.sock, { admin: \"tcp:[::1]:9999\", master: unix:master.sock }]", StringComparison.Ordinal);
        var settings = Assert.IsType<HAProxySettings>(Texts.Definition(text).Balancer);
        Assert.Equal([new("unix:/a.sock"), new("tcp:[::1]:9999", $"unix:{Path.GetFullPath("master.sock")}")], settings.Sockets);
        Assert.Equal(HAProxyDrain.Weight, settings.Drain);
        Assert.Equal([10, 100], settings.RejoinWeights);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4)), (settings.RejoinInterval, settings.CommandTimeout));
        Assert.Equal(new HAProxyServer("web", "web-1-a"), settings.Servers[A]);
    }

    [Fact]
    public void Every_key_of_Yarp_is_read()
    {
        var balancer = Texts.Good[Texts.Good.IndexOf("  haproxy:", StringComparison.Ordinal)..Texts.Good.IndexOf("probes:", StringComparison.Ordinal)];
        var text = Texts.With(balancer, "  yarp: { listen: 0.0.0.0:80, healthPath: /up, healthInterval: 2s, stateFile: /var/yarp.json }\n")
            .Replace("server: web-1-a, ", string.Empty, StringComparison.Ordinal).Replace("server: web-1-b, ", string.Empty, StringComparison.Ordinal);
        Assert.Equal(new YarpSettings(new Endpoint("0.0.0.0", 80), "/up", TimeSpan.FromSeconds(2), "/var/yarp.json"), Texts.Definition(text).Balancer);
    }

    [Fact]
    public void Every_key_of_the_probes_is_read()
    {
        const string probes = """
            - http: { path: /ready?full=1, port: 1, tls: true, tlsCa: /ca.pem, host: shop.example, status: [200, 204], bodyContains: ok, headers: { X-Up: "1" }, timeout: 3s }
              - tcp: { port: 2, timeout: 4s }
              - grpc: { service: shop.Cart, port: 3, tls: true, tlsCa: /grpc-ca.pem, host: cart.example, timeout: 5s }
              - command: { run: [check, ""], timeout: 6s }
            identity: { http: { path: /me, port: 4, tls: true, tlsSkipVerify: true, host: id.example, timeout: 7s } }
            """;
        var definition = Texts.Definition(Texts.With("- http: { path: /health }", probes));
        var http = Assert.IsType<HttpProbeSettings>(definition.Probes[0]);
        Assert.Equal([200, 204], http.Status);
        Assert.Equal("1", Assert.Single(http.Headers, header => header.Key == "X-Up").Value);
        Assert.Equal(new HttpProbeSettings("/ready?full=1", 1, true, "/ca.pem", false, "shop.example", http.Status, "ok", http.Headers, TimeSpan.FromSeconds(3)), http);
        Assert.Equal(new TcpProbeSettings(2, TimeSpan.FromSeconds(4)), definition.Probes[1]);
        Assert.Equal(new GrpcProbeSettings("shop.Cart", 3, true, "/grpc-ca.pem", false, "cart.example", TimeSpan.FromSeconds(5)), definition.Probes[2]);
        var command = Assert.IsType<CommandProbeSettings>(definition.Probes[3]);
        Assert.Equal(["check", ""], command.Run);
        Assert.Equal(TimeSpan.FromSeconds(6), command.Timeout);
        Assert.Equal(new HttpIdentitySettings("/me", 4, true, null, true, "id.example", TimeSpan.FromSeconds(7)), definition.Identity);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d2h3m4s5ms", 93_784_005)]
    [InlineData("30d", 2_592_000_000)]
    public void A_duration_is_whole_numbers_with_units(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Texts.Definition(Texts.With("timeout: 5m", $"timeout: {text}").Replace("interval: 1s", "interval: 10ms", StringComparison.Ordinal)).Fleet.Policy.Drain.Timeout);

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_change_nothing() =>
        Assert.Equal(Texts.Definition(Texts.Good).Fleet.Members(), Texts.Definition('\uFEFF' + Texts.Good.ReplaceLineEndings("\r\n")).Fleet.Members());
}
