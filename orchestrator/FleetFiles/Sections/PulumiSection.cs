using System.Text.RegularExpressions;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>Pulumi: its program, a stack for each pair, and what it needs to run.</summary>
internal static partial class PulumiSection
{
    private const string PairPlace = "{pair}";

    public static PulumiSettings? Read(MappingReader map, IReadOnlyList<MemberText> members, string directory)
    {
        var project = map.Required("project").File(directory);
        var stacks = ReadStacks(map.Optional("stack"), members);
        var settings = new PulumiSettings(
            ReadCommand(map.Optional("command"), directory),
            project ?? string.Empty,
            stacks,
            ReadVms(members),
            new PulumiAccess(
                map.Optional("backend").Text(BackendForm(), "the URL of a backend, without user name and password", "for example file:///srv/pulumi, s3://bucket or https://api.pulumi.com"),
                map.Optional("home").File(directory),
                map.Optional("passphraseFile").File(directory),
                map.Optional("environmentFile").File(directory)),
            new PulumiLimits(
                map.Optional("processes").Integer(1, 64) ?? 4,
                map.Optional("memory").Integer(300, 1_048_576),
                map.Optional("commandTimeout").Duration() ?? TimeSpan.FromMinutes(5),
                map.Optional("stopTimeout").Duration() ?? TimeSpan.FromMinutes(10),
                map.Optional("orphanWait").DurationOrNone() ?? TimeSpan.FromMinutes(1)));
        return project is null ? null : settings;
    }

    // A name without a slash is looked for in PATH.
    private static string ReadCommand(Field field, string directory) =>
        field.Text() is not { } text ? "pulumi"
        : text.Contains('/', StringComparison.Ordinal) ? field.File(directory) ?? text
        : text;

    private static Dictionary<string, string> ReadStacks(Field pattern, IReadOnlyList<MemberText> members)
    {
        var common = pattern.Text(StackForm(), "the name of a stack", "for example {pair}, or org/project/{pair}") ?? PairPlace;
        var claims = new Claims("stack", "each pair has a stack of its own; put {pair} into 'provisioner.pulumi.stack', or give the pair a 'stack'");
        var stacks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in members.DistinctBy(member => member.Id.Pair))
        {
            var own = member.Stack.Text(StackForm(), "the name of a stack", "for example web-1, or org/project/web-1");
            var stack = (own ?? common).Replace(PairPlace, member.Id.Pair, StringComparison.Ordinal);
            stacks[member.Id.Pair] = stack;
            claims.Claim(stack, $"pair {member.Id.Pair}", member.Stack.IsGiven ? member.Stack : member.At);
        }

        return stacks;
    }

    private static Dictionary<MemberId, string> ReadVms(IReadOnlyList<MemberText> members)
    {
        var claims = new Claims("VM", "two members cannot be one VM; each needs a 'vm' of its own");
        var vms = new Dictionary<MemberId, string>();
        foreach (var member in members)
        {
            if (member.Vm.Name() is not { } vm)
                continue;
            vms[member.Id] = vm;
            claims.Claim(vm, $"member {member.Id}", member.Vm);
        }

        return vms;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.{][A-Za-z0-9_.{}/-]{0,199}\z")]
    private static partial Regex StackForm();

    [GeneratedRegex(@"^(file|s3|azblob|gs|https|http|postgres)://[^@\s]+\z")]
    private static partial Regex BackendForm();
}
