using System.ComponentModel;
using Refresh.Workflows.Facts;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>What is to be audited.</summary>
/// <param name="Fleets">The fleets; none for all that the token may see.</param>
/// <param name="MaxAgeDays">How many days old the image of a member may be.</param>
/// <param name="MaxAwaySeconds">How long a member may be out of rotation.</param>
/// <param name="Machines">A list of all machines.</param>
/// <param name="Why">The reason.</param>
internal sealed record AuditBody(
    [property: Description("The fleets; without any, all that the token may see.")] IReadOnlyList<string>? Fleets = null,
    [property: Description("How many days old the image of a member may be, 30 unless told.")] int? MaxAgeDays = null,
    [property: Description("How long a member may be out of rotation, an hour unless told.")] double? MaxAwaySeconds = null,
    [property: Description("A list of all machines, to find those that no fleet has.")] IReadOnlyList<MachineBody>? Machines = null,
    [property: Description("Why, for the record of acts.")] string? Why = null) : IActBody
{
    /// <summary>The largest such body, in bytes: some 50,000 machines.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>The greatest age that can be asked for.</summary>
    public const int MostDays = 36_500;
}

/// <summary>A machine of a list, as <c>--inventory</c> takes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Host">Its address.</param>
/// <param name="Id">Its id.</param>
/// <param name="Image">What it was made from.</param>
/// <param name="Power"><c>on</c> or <c>off</c>.</param>
/// <param name="Source">Which list names it.</param>
internal sealed record MachineBody(string Name, string? Host = null, string? Id = null, string? Image = null, [property: Description("on or off.")] string? Power = null, string? Source = null)
{
    public static MachineBody Of(MachineFacts machine) => new(machine.Name, machine.Host, machine.Identity, machine.Image, machine.Power is { } power ? power == VmPower.On ? "on" : "off" : null, machine.Source);

    /// <exception cref="Problem">It has no name, or is neither on nor off.</exception>
    public MachineFacts Read() => new(
        Name.Length > 0 ? Name : throw Problem.Of(ProblemCode.InvalidRequest, "A machine has no name."),
        Id,
        Host,
        Image,
        Power switch
        {
            null => null,
            "on" => VmPower.On,
            "off" => VmPower.Off,
            _ => throw Problem.Of(ProblemCode.InvalidRequest, $"The power of machine {Problem.Shown(Name)} is {Problem.Shown(Power)} and must be on or off."),
        },
        Source ?? "the request");
}
