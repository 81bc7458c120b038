using System.Globalization;
using System.Net;
using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>What can be proved of the process that holds a lock.</summary>
internal enum HolderState
{
    /// <summary>It lives: the very process that took the lock.</summary>
    Alive,

    /// <summary>It is proved dead.</summary>
    Dead,

    /// <summary>It is on a host that cannot be looked into from here.</summary>
    Elsewhere,
}

/// <summary>Proves whether the holder of a lock lives. Alive is: there, not defunct, and begun before the lock was taken.</summary>
/// <param name="Lock">The lock.</param>
/// <param name="State">What is proved.</param>
/// <param name="Evidence">The proof, in words.</param>
internal sealed record LockHolder(StackLock Lock, HolderState State, string Evidence)
{
    // The kernel tells of a start to the second, and the lock's time is cut to the second in messages.
    private static readonly TimeSpan s_exactness = TimeSpan.FromSeconds(2);

    public static LockHolder Of(StackLock held) => Judge(held, Dns.GetHostName(), Processes.CanBeRead ? Processes.Find : null);

    public static LockHolder Judge(StackLock held, string here, Func<int, ProcessFacts?>? find)
    {
        if (held.Host != here || find is null)
            return new(held, HolderState.Elsewhere, $"{held}: whether that process lives cannot be told from {here}");
        return find(held.Pid) switch
        {
            null => Dead(held, "there is no such process"),
            { Defunct: true } process => Dead(held, $"{process} is defunct"),
            { } process when process.StartedAt > held.At + s_exactness => Dead(held, string.Create(CultureInfo.InvariantCulture, $"{process} is another process, begun at {process.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")),
            { } process => new(held, HolderState.Alive, $"{held}: {process} lives"),
        };
    }

    private static LockHolder Dead(StackLock held, string proof) => new(held, HolderState.Dead, $"{held}: {proof}");
}
