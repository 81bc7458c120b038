using System.Text.Json.Nodes;
using Refresh.Orchestrator.Tests.FleetFiles;
using Xunit;

namespace Refresh.Orchestrator.Tests.Stacks;

/// <summary>The two programs for vSphere, and configurations to run them with.</summary>
internal static class StackPrograms
{
    internal static string Yaml { get; } = Read("stacks/vsphere-pair-yaml/Pulumi.yaml");

    internal static string CSharpProject { get; } = Read("stacks/vsphere-pair/Pulumi.yaml");

    internal static TheoryData<string> Names => ["yaml", "csharp"];

    internal static StackRun Run(string name, JsonObject? stack = null, Cloud? cloud = null) =>
        name == "yaml" ? YamlProgram.Run(Yaml, stack ?? Linux(), cloud ?? new()) : CSharpProgram.Run(stack ?? Linux(), cloud ?? new());

    internal static string Read(string file) => File.ReadAllText(Path.Combine(Texts.Root, file));

    /// <summary>The pair web-01 of the sample.</summary>
    internal static JsonObject Linux() => YamlText.Parse(Read("samples/vsphere/stack/Pulumi.web-01.yaml"));

    /// <summary>The same with Windows guests that join a domain, a datastore cluster, two disks, tags and an image that keeps its id.</summary>
    internal static JsonObject Windows()
    {
        var stack = Linux();
        var config = stack["config"]!.AsObject();
        foreach (var letter in "AB")
        {
            config[$"vsphere-pair:member{letter}ImageVersion"] = "win@2026.11.2";
            config[$"vsphere-pair:member{letter}Guest"] = JsonNode.Parse($$$"""
                {"windowsOptions": {"computerName": "WEB01{{{letter}}}", "adminPassword": "hush", "autoLogon": true, "autoLogonCount": 1,
                 "joinDomain": "example.com", "domainAdminUser": "joiner", "domainAdminPassword": "hush", "domainOu": "OU=Web", "fullName": "Web",
                 "organizationName": "Example", "productKey": "hush", "runOnceCommandLists": ["hostname"], "timeZone": 110, "workgroup": "WEB"}}
                """);
        }

        config["vsphere-pair:storage"] = JsonNode.Parse("""
            {"datastoreClusterId": "group-p12", "disks": [{"label": "disk0", "size": 60}, {"label": "disk1", "size": 20, "unitNumber": 1, "eagerlyScrub": true, "thinProvisioned": false}]}
            """);
        config["vsphere-pair:tags"] = new JsonArray("urn:vmomi:InventoryServiceTag:1:GLOBAL");
        config["vsphere-pair:ovfMapping"] = "nic0";
        config["vsphere-pair:linkedClone"] = true;
        return stack;
    }
}
