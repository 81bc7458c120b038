using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>A fleet as it is served.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">Its file.</param>
/// <param name="Image">The image that a run goes to unless told otherwise.</param>
/// <param name="Pairs">How many pairs it has.</param>
/// <param name="Members">How many members.</param>
/// <param name="Approval"><c>none</c>, <c>required</c> or <c>four-eyes</c>.</param>
/// <param name="LoadedAt">When its file was read.</param>
/// <param name="Mistakes">What is wrong with the file now, whose last good content is used then, and other files that describe the fleet.</param>
/// <param name="Run">The run that this service works on.</param>
/// <param name="Blocked">Why its unfinished run is not worked on.</param>
internal sealed record FleetDocument(string Name, string File, string Image, int Pairs, int Members, string Approval, DateTimeOffset LoadedAt, IReadOnlyList<string> Mistakes, string? Run, Reason? Blocked)
{
    public static FleetDocument Of(FleetDesk desk)
    {
        var definition = desk.Definition;
        var policy = definition.Fleet.Policy;
        return new FleetDocument(
            desk.Name, definition.Path, definition.Image.Version is null ? definition.Image.Name : $"{definition.Image.Name}@{definition.Image.Version}",
            definition.Fleet.Pairs.Count, definition.Fleet.Members().Count(), policy.FourEyes ? "four-eyes" : policy.ApprovalRequired ? "required" : "none",
            desk.Source.LoadedAt, desk.Source.Mistakes, desk.Run?.Id, desk.Blocked);
    }
}

/// <summary>The fleets, and the files that give none.</summary>
/// <param name="Items">The fleets that the token may see.</param>
/// <param name="BadFiles">Files that have never been good, for who may administer.</param>
internal sealed record FleetsDocument(IReadOnlyList<FleetDocument> Items, IReadOnlyList<BadFileDocument> BadFiles);

/// <summary>A fleet file with mistakes.</summary>
/// <param name="File">The file.</param>
/// <param name="Mistakes">What is wrong with it.</param>
internal sealed record BadFileDocument(string File, IReadOnlyList<string> Mistakes);

/// <summary>The images of a fleet.</summary>
/// <param name="Items">By name, then newest build first.</param>
internal sealed record ImagesDocument(IReadOnlyList<GoldenImage> Items);

/// <summary>The pairs of a fleet.</summary>
/// <param name="Items">In the order of the fleet file.</param>
internal sealed record PairsDocument(IReadOnlyList<Pair> Items);

/// <summary>The members of a fleet.</summary>
/// <param name="Items">Pair by pair.</param>
internal sealed record MembersDocument(IReadOnlyList<Member> Items);

/// <summary>A member as it was seen just now.</summary>
/// <param name="Member">The member.</param>
/// <param name="Serves">Whether it is in rotation, up and healthy.</param>
/// <param name="Observed">All that was seen.</param>
internal sealed record MemberDocument(Member Member, bool Serves, MemberFacts Observed);
