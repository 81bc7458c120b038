using Refresh.Orchestrator.Audits;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Api;

namespace Refresh.Orchestrator.Remote;

/// <summary>What a worker elsewhere is asked to look at.</summary>
internal static class RemoteLooks
{
    /// <summary>Checks of an examination come one after the other where one needs what the other saw; so many may.</summary>
    private const int ChecksInTurn = 4;

    /// <summary>An audit looks at every member of every fleet, and again at those that do not look well.</summary>
    private static readonly TimeSpan s_auditing = TimeSpan.FromMinutes(25);

    /// <summary>What every member runs and what is not as it should be, as the worker sees it.</summary>
    public static Task<AuditDocument> AuditAsync(this RemoteServer server, AuditBody asked, CancellationToken cancellation) =>
        server.PostAsync<AuditDocument>("v1/audits", asked, cancellation, s_auditing);

    /// <summary>Everything that a run of a fleet needs, as the worker sees it.</summary>
    public static Task<DoctorDocument> DoctorAsync(this RemoteServer server, string fleet, string? image, TimeSpan timeout, CancellationToken cancellation) => server.GetAsync<DoctorDocument>(
        FormattableString.Invariant($"v1/fleets/{Uri.EscapeDataString(fleet)}/doctor?timeout={timeout.TotalSeconds:0}{(image is null ? string.Empty : $"&image={Uri.EscapeDataString(image)}")}"), cancellation, timeout * ChecksInTurn);
}
