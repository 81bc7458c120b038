using Xunit;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>Each mistake is told with its line and column, and with what to do.</summary>
public sealed class MistakeTests
{
    [Theory]
    [InlineData("drain:", "drian:", "14:1: unknown key 'drian' in the fleet; did you mean 'drain'?")]
    [InlineData("{ timeout: 5m", "{ time_out: 5m", "14:10: unknown key 'time_out' in 'drain'; did you mean 'timeout'?")]
    [InlineData("{ timeout: 5m", "{ colour: red", "14:10: unknown key 'colour' in 'drain'; known here: timeout, interval, emptyPolls, onTimeout")]
    [InlineData("        address: 10.0.0.14", "        adress: 10.0.0.14", "24:9: 'pairs[1].members[1]' has no 'address'\nfleet.yaml:25:9: unknown key 'adress' in 'pairs[1].members[1]'; did you mean 'address'?")]
    [InlineData("  haproxy:", "  harpoxy:", "7:3: unknown key 'harpoxy' in 'balancer'; did you mean 'haproxy'?")]
    public void An_unknown_key(string old, string replacement, string mistake) => Tells(old, replacement, mistake);

    [Theory]
    [InlineData("name: shop\n", "", "1:1: the fleet has no 'name'")]
    [InlineData("  - name: web-1\n    members:", "  - members:", "16:5: 'pairs[0]' has no 'name'")]
    [InlineData("    sockets: [unix:/run/haproxy/admin.sock]\n", "", "8:5: 'balancer.haproxy' has no 'sockets'")]
    [InlineData("    backend: web\n", "", "17:9: member web-1/a has no backend; give 'backend' to 'balancer.haproxy', or to the member|18:9: member web-1/b has no backend; give 'backend' to 'balancer.haproxy', or to the member|21:9: member web-2/web-2-a has no backend; give 'backend' to 'balancer.haproxy', or to the member|23:9: member web-2/web-2-b has no backend; give 'backend' to 'balancer.haproxy', or to the member")]
    [InlineData("name: shop", "name:", "3:1: 'name' has no value; give it one, or leave the key out")]
    [InlineData("{ path: /health }", "{ path: ~ }", "11:13: 'probes[0].http.path' has no value; give it one, or leave the key out")]
    public void A_missing_key_or_value(string old, string replacement, string mistake) => Tells(old, replacement, mistake);

    [Theory]
    [InlineData("kind: Fleet", "kind: Fleet\nkind: Fleet", "3:1: 'kind' is already given on line 2; keep one of the two")]
    [InlineData("- name: web-2\n", "- name: web-1\n", "20:11: pair web-1 is already used by another pair (line 16): the names of pairs are unique in a fleet")]
    [InlineData("{ name: b,", "{ name: a,", "19:17: member a is already used by its peer (line 18): the names of members are unique in a pair")]
    [InlineData("10.0.0.14:8080", "10.0.0.11:8080", "25:18: address 10.0.0.11:8080 is already used by member web-1/a (line 18): two members cannot serve at one address")]
    [InlineData("server: web-1-b", "server: web-1-a", "19:53: server web/web-1-a is already used by member web-1/a (line 18): two members cannot be one server of HAProxy; each needs a 'server' of its own")]
    [InlineData("vm: web-1-b", "vm: web-1-a", "19:66: VM web-1-a is already used by member web-1/a (line 18): two members cannot be one VM; each needs a 'vm' of its own")]
    [InlineData("[unix:/run/haproxy/admin.sock]", "[unix:/a, unix:/b/../a]", "8:24: socket unix:/a is already used by another entry (line 8): each HAProxy process is named once")]
    public void Something_given_twice(string old, string replacement, string mistake) => Tells(old, replacement, mistake);

    [Fact]
    public void Addresses_are_compared_as_the_network_sees_them()
    {
        var text = Texts.With("10.0.0.13:8080", "\"[2001:DB8::1]:80\"").Replace("10.0.0.14:8080", "\"[2001:db8:0:0::1]:80\"", StringComparison.Ordinal);
        Assert.Equal("fleet.yaml:25:18: address [2001:db8::1]:80 is already used by member web-2/web-2-a (line 23): two members cannot serve at one address", Texts.Mistakes(text));
    }

    [Fact]
    public void An_IPv4_address_that_is_written_as_an_IPv6_one_is_the_same_address() =>
        Tells("10.0.0.14:8080", "\"[::ffff:10.0.0.13]:8080\"", "25:18: address 10.0.0.13:8080 is already used by member web-2/web-2-a (line 23): two members cannot serve at one address");

    [Fact]
    public void A_pair_of_one()
    {
        var text = Texts.With("      - name: web-2-b\n        address: 10.0.0.14:8080\n", "");
        Assert.Equal("fleet.yaml:22:7: a pair has exactly two members, not 1; give it the peer that serves while the other is rebuilt", Texts.Mistakes(text));
    }

    [Fact]
    public void A_pair_of_three()
    {
        var text = Texts.Good + "      - { name: web-2-c, address: 10.0.0.15:8080 }\n";
        Assert.Equal("fleet.yaml:22:7: a pair has exactly two members, not 3", Texts.Mistakes(text));
    }

    [Fact]
    public void A_fleet_without_pairs()
    {
        var text = Texts.Good[..Texts.Good.IndexOf("  - name: web-1\n", StringComparison.Ordinal)].Replace("pairs:", "pairs: []", StringComparison.Ordinal);
        Assert.Equal("fleet.yaml:15:8: 'pairs' is empty; give at least one", Texts.Mistakes(text));
    }

    [Theory]
    [InlineData("refresh/v1", "refresh/v2", "1:13: 'apiVersion' must be 'refresh/v1', not 'refresh/v2'; this refresh reads no other")]
    [InlineData("kind: Fleet", "kind: Pod", "2:7: 'kind' must be 'Fleet', not 'Pod'; a fleet file describes one fleet")]
    [InlineData("name: shop", "name: Shop", "3:7: 'name' must be a name, not 'Shop'; write lower-case letters, digits and inner dashes, at most 63, for example web-1")]
    [InlineData("name: shop", "name: 12", "3:7: 'name' must be text, and YAML takes '12' for something else; put it in quotes")]
    [InlineData("name: shop", "name: [shop]", "3:7: 'name' must be text, not a list")]
    [InlineData("name: shop", "name: {}", "3:7: 'name' must be text, not a mapping")]
    [InlineData("web@1.1.0", "web@", "4:8: 'image' must be an image, not 'web@'; write web@1.1.0, or web for its newest build")]
    [InlineData("web@1.1.0", "{ name: web, version: 1.10 }", "4:30: 'image.version' must be text, and YAML takes '1.10' for something else; put it in quotes")]
    [InlineData("image: web@1.1.0", "image: web@1.1.0\ntriggers: { onNewImage: run }", "5:25: 'triggers.onNewImage' has no effect while 'image' names one version, 1.1.0; write image: web, which is its newest build")]
    [InlineData("./images", "~/images", "5:9: 'images' must be a path, and '~' is not replaced by anybody's home; write it out, or relative to the fleet file")]
    [InlineData("drain: {", "strategy: surge\ndrain: {", "14:11: the strategy 'surge' is not supported yet; use 'recreate', which rebuilds in place while the peer serves alone; where one member cannot carry the load of its pair, run when there is less of it, or make the members larger first")]
    [InlineData("drain: {", "strategy: recrate\ndrain: {", "14:11: 'strategy' must be recreate, not 'recrate'; did you mean 'recreate'?")]
    [InlineData("lab: { url: \"http://127.0.0.1:9000\" }", "pulumi: { project: ./stack }\ndormant: refresh", "14:10: 'dormant' is 'refresh', and a stack has no way to power a VM off again ('provisioner.pulumi'): write wake, leave or refuse")]
    [InlineData("drain: {", "approval: yes\ndrain: {", "14:11: 'approval' must be none or required or four-eyes, not 'yes'; known here: none, required, four-eyes")]
    [InlineData("interval: 1s", "onTimeout: retrun", "14:34: 'drain.onTimeout' must be return or cut, not 'retrun'; did you mean 'return'?")]
    [InlineData("- http: { path: /health }", "[]", "11:3: 'probes' is empty; give at least one")]
    [InlineData("- http: { path: /health }", "[{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]", "11:3: 'probes' holds more than 16")]
    [InlineData("- http: { path: /health }", "- {}", "11:5: 'probes[0]' must hold exactly one of http, tcp, grpc, command")]
    [InlineData("- http: { path: /health }", "- { tcp: {}, http: {} }", "11:5: 'probes[0]' must hold exactly one of http, tcp, grpc, command")]
    [InlineData("{ path: /health }", "{ path: health }", "11:19: 'probes[0].http.path' must be the path of a URL, not 'health'; begin it with '/', for example /health")]
    [InlineData("{ path: /health }", "{ tls: yes }", "11:18: 'probes[0].http.tls' must be true or false, not 'yes'")]
    [InlineData("{ path: /health }", "{ tlsCa: ca.pem }", "11:20: 'probes[0].http.tlsCa' has no effect without 'tls: true'; add it, or leave this out")]
    [InlineData("{ path: /health }", "{ status: 99 }", "11:21: 'probes[0].http.status' must be 100 to 599, not '99'")]
    [InlineData("{ path: /health }", "{ headers: { a b: c } }", "11:29: 'a b' is no name of a header")]
    [InlineData("[unix:/run/haproxy/admin.sock]", "[/run/haproxy/admin.sock]", "8:15: 'balancer.haproxy.sockets[0]' must be a socket of HAProxy, not '/run/haproxy/admin.sock'; write unix:/run/haproxy/admin.sock or tcp:10.0.0.2:9999")]
    [InlineData("    backend: web", "    backend: my backend", "9:14: 'balancer.haproxy.backend' must be a name of HAProxy's, not 'my backend'; write letters, digits, '-', '_', '.' or ':'")]
    [InlineData("    backend: web\n", "    backend: web\n    rejoinWeights: [50, 10, 100]\n", "10:20: 'balancer.haproxy.rejoinWeights' must climb and end with 100; for example [10, 50, 100]")]
    [InlineData("http://127.0.0.1:9000", "127.0.0.1:9000", "13:15: 'provisioner.lab.url' must be an http or https URL without query, not '127.0.0.1:9000'; for example http://127.0.0.1:9000")]
    public void A_wrong_value(string old, string replacement, string mistake) => Tells(old, replacement, mistake);

    [Theory]
    [InlineData("timeout: 5m", "timeout: 300", "14:19: 'drain.timeout' must be a duration, not '300'; give it a unit: 300s, 300m or 300ms")]
    [InlineData("timeout: 5m", "timeout: -5m", "14:19: 'drain.timeout' must be a duration, not '-5m'; a time cannot be negative")]
    [InlineData("timeout: 5m", "timeout: 1.5h", "14:19: 'drain.timeout' must be a duration, not '1.5h'; write for example 500ms, 2s, 5m, 1h30m or 1d")]
    [InlineData("timeout: 5m", "timeout: PT5M", "14:19: 'drain.timeout' must be a duration, not 'PT5M'; write for example 500ms, 2s, 5m, 1h30m or 1d")]
    [InlineData("timeout: 5m", "timeout: 0s", "14:19: 'drain.timeout' must be longer than 0s, not '0s'")]
    [InlineData("timeout: 5m", "timeout: 31d", "14:19: 'drain.timeout' must be at most 30d, not '31d'")]
    [InlineData("timeout: 5m", "timeout: 99999999999999999999999999d", "14:19: 'drain.timeout' must be at most 30d, not '99999999999999999999999999d'")]
    [InlineData("interval: 1s", "interval: 1ms", "14:33: 'drain.interval' must be at least 10ms, not '1ms'")]
    [InlineData("interval: 1s", "emptyPolls: 0", "14:35: 'drain.emptyPolls' must be 1 to 100, not '0'")]
    [InlineData("interval: 1s", "emptyPolls: 99999999999999999999999999", "14:35: 'drain.emptyPolls' must be 1 to 100, not '99999999999999999999999999'")]
    [InlineData("interval: 1s", "emptyPolls: \"3\"", "14:35: 'drain.emptyPolls' must be a whole number, not '3'; write 1 to 100, without quotes")]
    [InlineData("interval: 1s", "emptyPolls: 3.0", "14:35: 'drain.emptyPolls' must be a whole number, not '3.0'; write 1 to 100, without quotes")]
    public void A_wrong_time_or_number(string old, string replacement, string mistake) => Tells(old, replacement, mistake);

    [Theory]
    [InlineData("10.0.0.14", "'pairs[1].members[1].address' must be an address, not '10.0.0.14'; write host:port, for example 10.0.0.11:8080 or [2001:db8::1]:8080")]
    [InlineData("10.0.0.256:80", "'pairs[1].members[1].address' must be an address, not '10.0.0.256:80'; write host:port, for example 10.0.0.11:8080 or [2001:db8::1]:8080")]
    [InlineData("10.0.0.014:80", "'pairs[1].members[1].address' must be an address, not '10.0.0.014:80'; write host:port, for example 10.0.0.11:8080 or [2001:db8::1]:8080")]
    [InlineData("a_b:80", "'pairs[1].members[1].address' must be an address, not 'a_b:80'; write host:port, for example 10.0.0.11:8080 or [2001:db8::1]:8080")]
    [InlineData("10.0.0.14:0", "the port of 'pairs[1].members[1].address' must be 1 to 65535, not '0'")]
    [InlineData("10.0.0.14:65536", "the port of 'pairs[1].members[1].address' must be 1 to 65535, not '65536'")]
    [InlineData("10.0.0.14:99999999999", "the port of 'pairs[1].members[1].address' must be 1 to 65535, not '99999999999'")]
    [InlineData("0.0.0.0:80", "'pairs[1].members[1].address' must be an address that can be connected to, not '0.0.0.0:80'")]
    public void A_wrong_address(string address, string mistake) => Tells("10.0.0.14:8080", address, "25:18: " + mistake);

    [Theory]
    [InlineData("interval: 1s", "interval: 6m", "14:33: 'drain.interval' (6m) is longer than 'drain.timeout' (5m)")]
    [InlineData("timeout: 5m, interval: 1s", "timeout: 500ms", "14:19: 'drain.interval' (1s) is longer than 'drain.timeout' (500ms); what the file does not give has its default")]
    [InlineData("interval: 1s", "interval: 2m, emptyPolls: 5", "14:49: 5 looks ('drain.emptyPolls') every 2m take longer than 'drain.timeout' (5m)")]
    [InlineData("drain: {", "guard: { interval: 11m }\ndrain: {", "14:20: 'guard.interval' (11m) is longer than 'guard.timeout' (10m); what the file does not give has its default")]
    [InlineData("drain: {", "verify: { passes: 100, interval: 7s }\ndrain: {", "14:19: 100 looks ('verify.passes') every 7s take longer than 'verify.timeout' (10m); what the file does not give has its default")]
    [InlineData("drain: {", "soak: { duration: 3s }\ndrain: {", "14:19: 3 looks ('soak.badLooks') every 2s take longer than 'soak.duration' (3s); what the file does not give has its default")]
    [InlineData("drain: {", "canary: { pairs: 3 }\ndrain: {", "14:18: 'canary.pairs' is 3, and the pairs of the fleet are 2")]
    [InlineData("drain: {", "failureBudget: { pairs: 3, members: 5 }\ndrain: {", "14:25: 'failureBudget.pairs' is 3, and the pairs of the fleet are 2|14:37: 'failureBudget.members' is 5, and the members of the fleet are 4")]
    [InlineData("{ path: /health }", "{ timeout: 16s }", "11:22: 'probes[0].http.timeout' (16s) is longer than 'guard.maxAge' (15s); what the file does not give has its default")]
    [InlineData("    backend: web\n", "    backend: web\n    rejoinWeights: [1, 50, 100]\n    rejoinInterval: 61s\n", "10:20: the climb of 'balancer.haproxy.rejoinWeights' takes 2m2s, longer than 'rejoin.timeout' (2m); what the file does not give has its default")]
    public void Values_that_cannot_work_together(string old, string replacement, string mistake) => Tells(old, replacement, mistake);

    [Fact]
    public void A_server_of_HAProxy_when_the_balancer_is_Yarp()
    {
        var balancer = Texts.Good[Texts.Good.IndexOf("  haproxy:", StringComparison.Ordinal)..Texts.Good.IndexOf("probes:", StringComparison.Ordinal)];
        Assert.Equal(
            """
            fleet.yaml:7:19: address 10.0.0.13:8080 is already used by member web-2/web-2-a (line 20): the balancer needs one of its own
            fleet.yaml:16:53: 'pairs[0].members[0].server' is a name of HAProxy's, and the balancer is yarp; leave it out
            fleet.yaml:17:53: 'pairs[0].members[1].server' is a name of HAProxy's, and the balancer is yarp; leave it out
            """,
            Texts.Mistakes(Texts.With(balancer, "  yarp: { listen: 10.0.0.13:8080 }\n")));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        const string text = """
            apiVersion: refresh/v9
            kind: Fleet
            nmae: shop
            image: Web
            balancer:
              haproxy: { sockets: [], backend: web, drain: wait }
            probes: 7
            provisioner: { lab: {} }
            canary: { pairs: 2 }
            guard: { interval: 1h }
            soak: { duration: -1s }
            pairs:
              - name: web-1
                members:
                  - { name: a, address: 10.0.0.1:80 }
                  - { name: A, address: 10.0.0.1:80 }
            """;
        Assert.Equal(
            """
            fleet.yaml:1:1: the fleet has no 'name'
            fleet.yaml:1:13: 'apiVersion' must be 'refresh/v1', not 'refresh/v9'; this refresh reads no other
            fleet.yaml:3:1: unknown key 'nmae' in the fleet; did you mean 'name'?
            fleet.yaml:4:8: 'image' must be an image, not 'Web'; write web@1.1.0, or web for its newest build
            fleet.yaml:6:23: 'balancer.haproxy.sockets' is empty; give at least one
            fleet.yaml:6:48: 'balancer.haproxy.drain' must be state or weight, not 'wait'; known here: state, weight
            fleet.yaml:7:9: 'probes' must be a list, not '7'
            fleet.yaml:8:21: 'provisioner.lab' has no 'url'
            fleet.yaml:9:18: 'canary.pairs' is 2, and the pairs of the fleet are 1
            fleet.yaml:10:20: 'guard.interval' (1h) is longer than 'guard.timeout' (10m); what the file does not give has its default
            fleet.yaml:11:19: 'soak.duration' must be a duration, not '-1s'; a time cannot be negative
            fleet.yaml:16:17: 'pairs[0].members[1].name' must be a name, not 'A'; write lower-case letters, digits and inner dashes, at most 63, for example web-1
            fleet.yaml:16:29: address 10.0.0.1:80 is already used by member web-1/a (line 15): two members cannot serve at one address
            """,
            Texts.Mistakes(text));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000", "http://admin:hunter2@lab:9000")]
    [InlineData("http://127.0.0.1:9000", "ftp://hunter2@lab:9000")]
    [InlineData("10.0.0.14:8080", "admin:hunter2@10.0.0.14:8080")]
    [InlineData("web@1.1.0", "http://admin:hunter2@lab/web")]
    [InlineData("unix:/run/haproxy/admin.sock", "tcp:admin:hunter2@lab:9999")]
    [InlineData("drain:", "\"http://admin:hunter2@lab\":")]
    [InlineData("path: /health", "path: \"http://admin:hunter2@lab\"")]
    public void A_password_is_refused_and_not_repeated(string old, string replacement)
    {
        var mistakes = Texts.Mistakes(Texts.With(old, replacement));
        Assert.NotEmpty(mistakes);
        Assert.DoesNotContain("hunter2", mistakes, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_that_never_close() => Assert.Contains(
        "'windows.open[0].cron.at' is '* * * * *', whose windows run into each other for more than 31 days; where work may always be done, leave 'windows' out",
        Texts.Mistakes(Texts.With("name: shop", "name: shop\nwindows: { timeZone: UTC, open: [{ cron: { at: '* * * * *', duration: 1h } }] }")), StringComparison.Ordinal);

    [Fact]
    public void What_a_user_wrote_is_shown_short_and_in_one_line()
    {
        var mistake = Assert.Single(Texts.Parse(Texts.With("name: shop", $"name: \"{new string('x', 50)}\\e[31m\\n{new string('y', 5000)}\"")).Mistakes);
        Assert.True(mistake.Message.Length < 120 && !mistake.Message.Any(char.IsControl), mistake.Message);
    }

    private static void Tells(string old, string replacement, string mistakes) =>
        Assert.Equal("fleet.yaml:" + mistakes.Replace("|", "\nfleet.yaml:", StringComparison.Ordinal), Texts.Mistakes(Texts.With(old, replacement)));
}
