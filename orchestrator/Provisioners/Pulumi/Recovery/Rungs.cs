namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>What a recovery looked at and did, told as it goes and kept as evidence.</summary>
internal sealed class Rungs(IProgress<string> progress)
{
    private readonly List<string> _all = [];
    private string _told = string.Empty;

    public IReadOnlyList<string> All => _all;

    public void Add(string rung)
    {
        _all.Add(rung);
        progress.Report(rung);
    }

    /// <summary>Tells why it waits, and keeps it once for as long as it stays the same.</summary>
    public void Wait(string why)
    {
        if (why != _told)
            _all.Add(_told = why);
        progress.Report(why);
    }
}
