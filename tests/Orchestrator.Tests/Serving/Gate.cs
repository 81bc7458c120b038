using Refresh.Orchestrator.Tests.Lab;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>A probe of the user's own that waits while it is held, so that a fleet that is slow to answer is as slow as a test likes.</summary>
internal sealed class Gate
{
    private readonly string _folder;

    /// <summary>A gate that is open.</summary>
    public Gate(string folder)
    {
        _folder = folder;
        File.WriteAllText(Script, $"touch {Asked}; while [ ! -e {Open} ]; do sleep 0.05; done\n");
        Let();
    }

    private string Script => Path.Combine(_folder, "gate.sh");

    private string Asked => Path.Combine(_folder, "gate-asked");

    private string Open => Path.Combine(_folder, "gate-open");

    /// <summary>The fleet file with this probe beside its own.</summary>
    public string Of(string fleet) => fleet.Replace("provisioner:", $"  - command: {{ run: [/bin/sh, {Script}], timeout: 200s }}\nprovisioner:", StringComparison.Ordinal).Replace("maxAge: 5s", "maxAge: 240s", StringComparison.Ordinal);

    /// <summary>Lets what waits go on.</summary>
    public void Let() => File.WriteAllText(Open, string.Empty);

    /// <summary>Holds up what comes.</summary>
    public void Hold()
    {
        File.Delete(Open);
        File.Delete(Asked);
    }

    /// <summary>Waits until something is held up.</summary>
    public Task HeldUpAsync() => LabFixture.UntilAsync(() => Task.FromResult(File.Exists(Asked)));
}
