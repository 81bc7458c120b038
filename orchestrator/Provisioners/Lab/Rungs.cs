namespace Refresh.Orchestrator.Provisioners.Lab;

/// <summary>What a recovery looked at, told as it goes and kept.</summary>
internal sealed class Rungs(IProgress<string> progress)
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    public void Add(string rung)
    {
        _all.Add(rung);
        progress.Report(rung);
    }
}
