using System.Text.Json.Nodes;
using Refresh.Orchestrator.FleetFiles;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>Walks the schema, and has documents that give every key of it.</summary>
internal static class SchemaWalk
{
    private static readonly IReadOnlyList<SchemaKey> All = [.. Walk(JsonNode.Parse(FleetSchema.Text)!.AsObject(), string.Empty)];

    private static readonly string[] Relations = [" is longer than ", " take longer than ", "the climb of ", ", and the pairs of the fleet are ", ", and the members of the fleet are ", " is already used by ", " has no effect ", "must be later than 'from'"];

    public static IEnumerable<SchemaKey> Keys() => All;

    public static SchemaKey Key(string path) => All.Single(key => key.Path == path);

    /// <summary>Whether a mistake is about several values, which a schema cannot tell.</summary>
    public static bool IsRelation(FleetFileMistake mistake) => Relations.Any(text => mistake.Message.Contains(text, StringComparison.Ordinal));

    public static string? Reference(JsonObject schema) => schema["allOf"]?[0]?["$ref"]?.GetValue<string>().Split('/')[^1];

    /// <summary>The mapping that a value is, or that is one of its alternatives.</summary>
    public static JsonObject? Mapping(JsonObject schema) =>
        (schema["oneOf"]?.AsArray() ?? [schema.DeepClone()]).OfType<JsonObject>().FirstOrDefault(kind => kind["type"]?.GetValue<string>() == "object");

    public static JsonNode DocumentWith(SchemaKey key) => Wholes().First(document => key.Find(document) is not null);

    /// <summary>Documents that together give every key of the schema.</summary>
    public static IEnumerable<JsonNode> Wholes() => [Whole(), WholeWithYarp(), WholeWithPulumi(), WholeWithIdentity("""{ "ssh": { "user": "u", "port": 1, "key": "k", "run": "x", "pins": "p", "timeout": "1s" } }"""), WholeWithIdentity("""{ "command": { "run": ["x"], "timeout": "1s" } }""")];

    /// <summary>Takes away what has no effect, and so is a mistake, without the key.</summary>
    public static void RemoveWhatDependsOn(SchemaKey key, JsonNode document)
    {
        if (key.Name != "tls")
            return;
        foreach (var dependent in All.Where(other => other.Name is "tlsCa" or "tlsSkipVerify" && other.Find(document) is not null))
            dependent.Remove(document);
    }

    public static JsonNode Whole() => JsonNode.Parse(
        """
        {
          "apiVersion": "refresh/v1", "kind": "Fleet", "name": "shop", "image": { "name": "web", "version": "1.1.0" }, "images": "pictures",
          "imagePolicy": {
            "signature": "required", "keys": "k.json", "origins": ["https://git.example/images"], "maxAgeDays": 30,
            "scan": { "maxAge": "1d", "critical": 1, "high": 1, "medium": 1, "low": 1, "knownExploited": 1 },
            "packages": [{ "name": "openssl", "version": "3", "scheme": "dpkg" }], "soak": "1d", "approvals": 1, "approvers": ["ada"]
          },
          "balancer": { "haproxy": { "sockets": [{ "admin": "unix:/a.sock", "master": "unix:/m.sock" }, "unix:/b.sock"], "backend": "web", "drain": "weight", "rejoinWeights": [50, 100], "rejoinInterval": "1s", "commandTimeout": "1s" } },
          "probes": [
            { "http": { "path": "/a", "port": 1, "tls": true, "tlsCa": "ca.pem", "tlsSkipVerify": false, "host": "h", "status": 201, "bodyContains": "x", "headers": { "a": "b" }, "timeout": "1s" } },
            { "tcp": { "port": 1, "timeout": "1s" } },
            { "grpc": { "service": "s", "port": 1, "tls": true, "tlsCa": "ca.pem", "tlsSkipVerify": false, "host": "h", "timeout": "1s" } },
            { "command": { "run": ["x"], "timeout": "1s" } }
          ],
          "identity": { "http": { "path": "/i", "port": 1, "tls": true, "tlsCa": "ca.pem", "tlsSkipVerify": false, "host": "h", "timeout": "1s" } },
          "provisioner": { "lab": { "url": "http://127.0.0.1:9000" } }, "evidence": { "directory": "e", "key": "k" },
          "canary": { "pairs": 0, "bake": "1s" }, "waves": { "size": 1, "maxPairsAtOnce": 1, "bake": "1s" }, "failureBudget": { "pairs": 1, "members": 1 },
          "guard": { "timeout": "1h", "interval": "1m", "maxAge": "1h" }, "drain": { "timeout": "1h", "interval": "1m", "emptyPolls": 1, "onTimeout": "cut" },
          "rebuild": { "timeout": "1h", "retries": 2 }, "verify": { "timeout": "1h", "passes": 1, "interval": "1m" }, "rejoin": { "timeout": "1h" },
          "soak": { "duration": "1h", "interval": "1m", "badLooks": 1 }, "watch": { "interval": "1m", "badLooks": 1 },
          "strategy": "recreate", "approval": "required", "site": "dc1", "dormant": "leave",
          "windows": {
            "timeZone": "Europe/Stockholm", "jitter": "10m", "estimate": "5m", "atEnd": "cancel", "start": "run", "missed": "run-once",
            "open": [{ "cron": { "at": "0 2 * * TUE#2", "duration": "4h" } }, { "calendar": { "file": "windows.ics" } }],
            "freezes": [{ "dates": { "from": "2026-12-20", "to": "2027-01-06T08:00", "why": "Christmas" } }, { "calendar": { "file": "freezes.ics" } }]
          },
          "triggers": { "onNewImage": "none", "superseding": "replace" },
          "pairs": [{ "name": "p", "members": [
            { "name": "a", "address": "10.0.0.1:80", "server": "a", "backend": "web", "vm": "a" },
            { "name": "b", "address": "10.0.0.2:80" }
          ] }]
        }
        """)!;

    public static JsonNode WholeWithYarp()
    {
        var document = Whole();
        document["balancer"] = JsonNode.Parse("""{ "yarp": { "listen": "127.0.0.1:80", "healthPath": "/h", "healthInterval": "2s", "stateFile": "s.json" } }""");
        var member = document["pairs"]![0]!["members"]![0]!.AsObject();
        member.Remove("server");
        member.Remove("backend");
        return document;
    }

    public static JsonNode WholeWithPulumi()
    {
        var document = Whole();
        document["provisioner"] = JsonNode.Parse(
            """
            { "pulumi": { "project": "stack", "command": "bin/pulumi", "stack": "x-{pair}", "backend": "file:///srv", "home": "h", "passphraseFile": "p", "environmentFile": "e",
              "processes": 2, "memory": 600, "commandTimeout": "1s", "stopTimeout": "1s", "orphanWait": "1s" } }
            """);
        document["pairs"]![0]!["stack"] = "org/project/p";
        return document;
    }

    private static JsonNode WholeWithIdentity(string identity)
    {
        var document = Whole();
        document["identity"] = JsonNode.Parse(identity);
        return document;
    }

    private static IEnumerable<SchemaKey> Walk(JsonObject schema, string path)
    {
        var mapping = Mapping(schema);
        var required = mapping?["required"]?.AsArray().Select(name => name!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (name, value) in mapping?["properties"]?.AsObject() ?? [])
        {
            var key = path.Length == 0 ? name : $"{path}.{name}";
            yield return new SchemaKey(key, value!.AsObject(), required.Contains(name));
            foreach (var inner in Walk(value.AsObject(), key))
                yield return inner;
        }

        if (schema["items"] is JsonObject items)
        {
            foreach (var inner in Walk(items, path + "[]"))
                yield return inner;
        }
    }
}
