using System.CommandLine;

namespace Refresh.Orchestrator.Commands;

/// <summary>Arguments that name a fleet file, an image or a run.</summary>
internal static class FleetArguments
{
    public static Argument<string> File() => new("fleet")
    {
        Description = "The fleet file.",
        DefaultValueFactory = _ => "fleet.yaml",
    };

    public static Option<string?> Image() => new("--image") { Description = "Another image than the fleet file's: name, or name@version." };

    public static Argument<string?> Run() => new("run")
    {
        Description = "The run's id, or its fleet's name; otherwise the only unfinished run, or else the latest.",
        Arity = ArgumentArity.ZeroOrOne,
    };
}
