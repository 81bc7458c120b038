namespace Refresh.Workflows.Audit;

/// <summary>The rules of an audit by name, each with what it looks for. The names are part of the output's format.</summary>
public static class AuditRuleNames
{
    internal const string RevokedImage = "revoked-image";
    internal const string PairDown = "pair-down";
    internal const string ServesUnhealthy = "serves-unhealthy";
    internal const string OutOfRotation = "out-of-rotation";
    internal const string NotServing = "not-serving";
    internal const string PairFrozen = "pair-frozen";
    internal const string Dormant = "dormant";
    internal const string VmMissing = "vm-missing";
    internal const string ImageDrift = "image-drift";
    internal const string GuestDrift = "guest-drift";
    internal const string AddressDrift = "address-drift";
    internal const string ContentDrift = "content-drift";
    internal const string UnknownImage = "unknown-image";
    internal const string ImageUnseen = "image-unseen";
    internal const string PairSplit = "pair-split";
    internal const string ImageBehind = "image-behind";
    internal const string ImageOld = "image-old";
    internal const string ImageWaiting = "image-waiting";
    internal const string ImageUnused = "image-unused";
    internal const string RebootPending = "reboot-pending";
    internal const string MachineUnknown = "machine-unknown";
    internal const string MachineShared = "machine-shared";
    internal const string FleetShared = "fleet-shared";
    internal const string RunLeft = "run-left";
    internal const string Unread = "unread";

    /// <summary>Every rule with what it looks for, in the order of their names.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [RevokedImage] = "A member runs an image that was revoked.",
        [PairDown] = "No member of a pair serves.",
        [ServesUnhealthy] = "The load balancer sends work to a member that is not healthy.",
        [OutOfRotation] = "A member is out of rotation for longer than is allowed, or nobody knows since when.",
        [NotServing] = "A member is in rotation, and the load balancer does not give it its share.",
        [PairFrozen] = "A pair was frozen by a run and no run has ended well there since.",
        [Dormant] = "A member's VM, or a machine of the inventory, is powered off: it will wake up as it was.",
        [VmMissing] = "The provisioner has no VM for a member.",
        [ImageDrift] = "The provisioner and the guest name different images.",
        [GuestDrift] = "A guest says that it is another VM than the provisioner's.",
        [AddressDrift] = "The load balancer sends a member's work to another address than the fleet file says.",
        [ContentDrift] = "A guest runs an image of a known name and version with other content.",
        [UnknownImage] = "A guest runs an image that the catalogue does not have.",
        [ImageUnseen] = "A guest does not tell what it runs.",
        [PairSplit] = "The members of a pair run two images, and no run works on them.",
        [ImageBehind] = "A member runs another image than its fleet file wants.",
        [ImageOld] = "The image that a member runs is older than is allowed.",
        [ImageWaiting] = "The catalogue has a newer image than a fleet file wants.",
        [ImageUnused] = "Nothing runs an image of the catalogue, and no fleet wants it.",
        [RebootPending] = "A guest waits for a reboot: its patches do not work yet.",
        [MachineUnknown] = "A machine belongs to no fleet.",
        [MachineShared] = "Two members, of one fleet or two, have the same address.",
        [FleetShared] = "Two fleet files describe a fleet of one name.",
        [RunLeft] = "A run is unfinished and nobody works on it.",
        [Unread] = "Something could not be looked at.",
    };
}
