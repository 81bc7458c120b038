namespace Refresh.Orchestrator.Tests.Probes;

internal static class GuestDocument
{
    public const string Valid =
        """{"image":{"name":"web","version":"2","digest":"sha256:abc"},"machineId":"m-1","bootedAt":"2026-11-02T08:00:00+01:00","patches":["CVE-2026-1","CVE-2026-2"],"kernel":"6.1"}""";
}
