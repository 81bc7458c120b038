using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.FleetFiles.Yaml;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>The whole document.</summary>
internal static class FleetSection
{
    public const string ApiVersion = "refresh/v1";

    /// <summary>The definition; null, or of no use, when there are mistakes.</summary>
    public static FleetDefinition? Read(YamlValue root, string fullPath, MistakeList mistakes)
    {
        var field = new Field(string.Empty, root, mistakes);
        return root is YamlMapping
            ? field.Mapping(map => Read(map, fullPath, new Relations(root, mistakes)))
            : field.Fail<FleetDefinition>("a fleet file is a mapping that begins with 'apiVersion: refresh/v1'", "'refresh init' writes one to begin with");
    }

    private static FleetDefinition? Read(MappingReader map, string fullPath, Relations relations)
    {
        var directory = Path.GetDirectoryName(fullPath) ?? fullPath;
        Constant(map.Required("apiVersion"), ApiVersion, "this refresh reads no other");
        Constant(map.Required("kind"), "Fleet", "a fleet file describes one fleet");
        var name = map.Required("name").Name();
        var image = ImageSection.Read(map.Required("image"));
        var images = map.Optional("images").File(directory) ?? Path.GetFullPath("images", directory);
        var site = map.Optional("site").Name();
        var imagePolicy = map.Optional("imagePolicy").Mapping(policy => ImagePolicySection.Read(policy, directory, "the fleet file"));
        var windows = WindowsSection.Read(map.Optional("windows"), directory);
        var triggers = TriggersSection.Read(map.Optional("triggers"), image);
        var policy = PolicySection.Read(map) with { Windows = windows?.Policy };
        var (pairs, members) = PairsSection.Read(map.Required("pairs"));
        var balancer = BalancerSection.Read(map.Required("balancer"), members, directory);
        var provisioner = ProvisionerSection.Read(map.Required("provisioner"), members, directory);
        var probes = ProbesSection.Read(map.Required("probes"), directory);
        var identity = IdentitySection.Read(map.Optional("identity"), directory, name ?? string.Empty);
        var evidence = EvidenceSection.Read(map.Optional("evidence"), directory);
        relations.CheckCounts(policy);
        relations.CheckTimes(policy, balancer);
        relations.CheckProbes(policy, probes);
        relations.CheckPower(policy, provisioner);
        return name is null || image is null || balancer is null || provisioner is null
            ? null
            : new FleetDefinition(fullPath, new Fleet(name, pairs, policy), image, balancer, provisioner, probes, identity, new ImageSettings(images, imagePolicy) { Site = site }) { Windows = windows?.Settings, Triggers = triggers ?? new(), Evidence = evidence };
    }

    internal static void Constant(Field field, string value, string hint)
    {
        if ((field.Value as YamlScalar)?.Text != value)
            field.Fail($"'{field.Path}' must be '{value}', not {field.Written}", hint);
    }
}
