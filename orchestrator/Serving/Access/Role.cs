namespace Refresh.Orchestrator.Serving.Access;

/// <summary>What somebody is to a fleet.</summary>
internal enum Role
{
    /// <summary>May see.</summary>
    Viewer,

    /// <summary>May start, pause, resume, cancel and roll back, and put images into the catalogue.</summary>
    Operator,

    /// <summary>May approve runs and images, revoke images, pause and cancel: more people may stop a run than start one.</summary>
    Approver,

    /// <summary>May do everything, and sees tokens and acts.</summary>
    Admin,
}

/// <summary>What a role is asked for.</summary>
internal enum Permission
{
    /// <summary>See fleets, images, runs and events.</summary>
    See,

    /// <summary>Make a plan, start a run, resume it.</summary>
    Start,

    /// <summary>Pause or cancel a run, or take an order back.</summary>
    Stop,

    /// <summary>Approve a run, approve and revoke images, let an image pass a gate.</summary>
    Approve,

    /// <summary>Take a run back.</summary>
    Rollback,

    /// <summary>Put images and scan reports into the catalogue.</summary>
    Publish,

    /// <summary>See tokens and acts.</summary>
    Administer,
}

/// <summary>What each role may do; docs/api.md has the same table.</summary>
internal static class Roles
{
    public static bool May(this Role role, Permission permission) => (role, permission) switch
    {
        (Role.Admin, _) => true,
        (_, Permission.See) => true,
        (Role.Operator, Permission.Start or Permission.Stop or Permission.Rollback or Permission.Publish) => true,
        (Role.Approver, Permission.Approve or Permission.Stop) => true,
        _ => false,
    };
}
