namespace Refresh.PulumiStandIn.Programs;

/// <summary>Type tokens as states hold them, and as people write them.</summary>
internal static class Types
{
    public const string Stack = "pulumi:pulumi:Stack";
    public const string Provider = "pulumi:providers:vsphere";
    public const string VirtualMachine = "vsphere:index/virtualMachine:VirtualMachine";
    public const string Rule = "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule";

    /// <summary><c>vsphere:index:VirtualMachine</c> and <c>vsphere:VirtualMachine</c> in full.</summary>
    public static string Full(string written)
    {
        var parts = written.Split(':');
        var module = parts.Length > 2 ? parts[1] : "index";
        var name = parts[^1];
        return module.Contains('/', StringComparison.Ordinal) || parts[0] == "pulumi"
            ? written
            : $"{parts[0]}:{module}/{char.ToLowerInvariant(name[0])}{name[1..]}:{name}";
    }

    /// <summary>As the display writes it.</summary>
    public static string Short(string full)
    {
        var parts = full.Split(':');
        return $"{parts[0]}:{parts[1].Split('/')[0]}:{parts[^1]}";
    }
}
